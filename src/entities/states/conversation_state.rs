use super::define_state::define_state;

define_state! {
    what: "a state of a conversation";
    /// Whether a conversation is in the inbox.
    ConversationState {
        Open = "open",
        Closed = "closed",
    }
}
