use super::define_state::define_state;

define_state! {
    what: "a channel";
    /// How a message travels.
    MessageChannel {
        /// Texts, also with files.
        Sms = "sms",
    }
}
