use super::define_state::define_state;

define_state! {
    what: "a direction of a message";
    /// Who wrote the message.
    MessageDirection {
        /// The customer.
        Inbound = "inbound",
        /// The organization.
        Outbound = "outbound",
    }
}
