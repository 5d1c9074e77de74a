use super::define_state::define_state;

define_state! {
    what: "a state of an account change";
    /// How far a change has come.
    AccountChangeState {
        /// Written down; the call is under way, or its answer was lost. It is settled by looking at
        /// Twilio before anything else is changed in the account.
        Pending = "pending",
        /// Twilio did it.
        Done = "done",
        /// Twilio did not do it.
        Failed = "failed",
    }
}
