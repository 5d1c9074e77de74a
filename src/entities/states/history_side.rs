use super::define_state::define_state;

define_state! {
    what: "a side of a history";
    /// Which end of the messages a number is at: Twilio has no filter for both at once.
    HistorySide {
        /// Received by the number.
        To = "to",
        /// Sent from it.
        From = "from",
    }
}
