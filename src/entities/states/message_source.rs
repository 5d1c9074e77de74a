use super::define_state::define_state;

define_state! {
    what: "a source of a message";
    /// How Loquent came to know a message.
    MessageSource {
        /// It went through Loquent: sent from here, or received as an event.
        Loquent = "loquent",
        /// It was sent by another platform on the same Twilio account.
        External = "external",
        /// It was read from the account's history.
        Import = "import",
    }
}
