use super::define_state::define_state;

define_state! {
    what: "a source of a status";
    /// Where a status came from.
    LogSource {
        /// Twilio's Event Streams.
        EventStream = "event_stream",
        /// Twilio's status callback of one message.
        Callback = "callback",
        /// Twilio's answer to our own call.
        Send = "send",
        /// A person of the organization.
        User = "user",
        /// An import of the account's history.
        Import = "import",
        /// Reconciliation, which found something missing or outdated.
        Reconciliation = "reconciliation",
        /// Twilio's own record of one message, read after an event.
        Fetch = "fetch",
    }
}
