mod attachment_row;
mod change_conversation_service;
mod conversation_row;
mod fill_message_details_service;
mod find_attachment_service;
mod get_conversation_service;
mod insert_attachments_service;
mod insert_message_files_service;
mod insert_messages_service;
mod known_sids;
mod list_conversations_service;
mod list_delivery_log_service;
mod list_messages_service;
mod list_place;
mod load_message_changes_service;
mod mark_conversation_read_service;
mod merge_external_message_service;
mod merge_senders_half_service;
mod message_row;
mod record_delivery_log_service;
mod record_messages_service;
mod replace_message_service;
mod request_message_fetches_service;
mod retry_message_service;
mod roll_up_conversations_service;
mod send_message_service;
mod status_change;
mod status_rows;
mod take_over_imported;
mod update_message_status_service;

pub use change_conversation_service::{dismiss_failures_service, mark_conversation_unread_service};
pub use fill_message_details_service::{MessageDetails, fill_message_details_service};
pub use find_attachment_service::{find_attachment_service, retry_attachment_service};
pub use get_conversation_service::get_conversation_service;
pub use insert_attachments_service::insert_attachments_service;
pub use insert_message_files_service::{MessageFiles, insert_message_files_service};
pub use insert_messages_service::{FirstLogEntry, MessageInsert, insert_messages_service};
pub use known_sids::{KnownSid, find_known_sids, is_sid_known, is_sid_unknown};
pub use list_conversations_service::list_conversations_service;
pub use list_delivery_log_service::list_delivery_log_service;
pub use list_messages_service::{Stretch, list_messages_service};
pub use load_message_changes_service::load_message_changes_service;
pub use mark_conversation_read_service::mark_conversation_read_service;
pub use merge_external_message_service::{MergedMessage, merge_external_message_service};
pub use merge_senders_half_service::{SendersHalf, merge_senders_half_service};
pub use message_row::find_messages_by_ids;
pub use record_delivery_log_service::{LogEntry, record_delivery_log_service};
pub use record_messages_service::{
    RecordedMessage, insert_messages, record_messages_service, resolve_message_contacts,
    roll_up_messages,
};
pub use request_message_fetches_service::{
    drop_message_fetches_service, request_message_fetches_service,
};
pub use retry_message_service::retry_message_service;
pub use roll_up_conversations_service::{RollUp, roll_up_conversations_service};
pub use send_message_service::send_message_service;
pub use status_change::StatusChange;
pub use update_message_status_service::{
    advance_message_statuses, update_message_status_service, update_message_statuses_service,
};

pub use super::{HistoryDetails, NewMessage, OddWords, ResolvedMessage};
