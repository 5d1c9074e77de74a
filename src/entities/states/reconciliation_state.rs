use super::define_state::define_state;

define_state! {
    what: "a state of a reconciliation";
    /// Whether a reconciliation is running, or how it ended.
    ReconciliationState {
        Running = "running",
        Done = "done",
        /// Stopped by an error; the next one starts over.
        Failed = "failed",
    }
}
