use super::define_state::define_state;

define_state! {
    what: "a state of a file";
    /// Whether a file of a message can be shown.
    AttachmentState {
        /// It is still to be fetched from Twilio.
        Pending = "pending",
        /// It is here: `GET /api/media/{id}`.
        Stored = "stored",
        /// The fetch failed; Retry tries again.
        Failed = "failed",
    }
}
