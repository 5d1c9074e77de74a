//! What the inbox shows, live: the conversation list, the open thread, texts on their way.

mod inbox_events;
mod outbox_store;
mod thread_events;
mod use_delivery_log;
mod use_drafts;
mod use_inbox;
mod use_outbox;
mod use_realtime_messages;
mod use_scroll_position;
mod use_thread;

pub use use_delivery_log::{HistoryState, ShownHistory, use_delivery_log};
pub use use_drafts::{Drafts, use_drafts, use_drafts_provider};
pub use use_inbox::{Inbox, InboxData, ListState, load_inbox, use_inbox, use_inbox_provider};
pub use use_outbox::{Outbox, use_outbox, use_outbox_provider};
pub use use_realtime_messages::use_realtime_messages;
pub use use_scroll_position::{ScrollPosition, THREAD_LOG_ID, use_scroll_position};
pub use use_thread::{OlderState, Thread, ThreadData, load_thread, use_thread};
