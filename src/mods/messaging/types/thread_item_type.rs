use chrono::{DateTime, Utc};

use super::{Message, OutgoingState};

/// One bubble of a thread: a message of the server's, or a text on its way there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadEntry {
    pub message: Message,
    /// Where it stands on its way to the server; `None` once the server has it.
    pub local: Option<OutgoingState>,
}

/// One line of a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThreadItem {
    /// A new day begins.
    Day(DateTime<Utc>),
    /// What is below was unread when the thread was opened.
    Unread(i32),
    /// A bubble.
    Bubble {
        entry: Box<ThreadEntry>,
        /// It continues the bubble above.
        grouped: bool,
        /// It says when and by whom it was sent; else the last of its group does.
        with_meta: bool,
    },
}
