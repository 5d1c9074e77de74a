use super::define_state::define_state;

define_state! {
    what: "a state of an event";
    /// Where a stored event stands.
    TwilioEventState {
        /// It waits for its first or next attempt.
        Pending = "pending",
        /// Processed.
        Processed = "processed",
        /// Ignored; the error says why.
        Ignored = "ignored",
        /// Parked: it cannot be processed, and somebody has to look at it.
        Parked = "parked",
    }
}
