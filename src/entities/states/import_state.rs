use super::define_state::define_state;

define_state! {
    what: "a state of an import";
    /// Whether a run still goes on, and how it ended.
    ImportState {
        Running = "running",
        /// Complete, media included.
        Done = "done",
        /// Stopped by an error; it can be resumed where it was.
        Failed = "failed",
        /// Stopped by a person; it can be resumed where it was.
        Cancelled = "cancelled",
    }
}
