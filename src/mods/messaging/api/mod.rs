mod dismiss_failures_api;
mod get_conversation_api;
#[cfg(feature = "server")]
mod get_media_api;
mod list_conversations_api;
mod list_delivery_log_api;
mod list_messages_api;
mod mark_conversation_read_api;
mod mark_conversation_unread_api;
#[cfg(feature = "server")]
mod media_from_disk;
#[cfg(feature = "server")]
mod realtime_api;
#[cfg(feature = "server")]
mod reply_form_api;
mod retry_attachment_api;
mod retry_message_api;
mod send_message_api;
#[cfg(feature = "server")]
mod socket_places;

pub use dismiss_failures_api::dismiss_failures_api;
pub use get_conversation_api::get_conversation_api;
#[cfg(feature = "server")]
pub use get_media_api::get_media_api;
pub use list_conversations_api::list_conversations_api;
pub use list_delivery_log_api::list_delivery_log_api;
pub use list_messages_api::list_messages_api;
pub use mark_conversation_read_api::mark_conversation_read_api;
pub use mark_conversation_unread_api::mark_conversation_unread_api;
#[cfg(feature = "server")]
pub use realtime_api::{RealtimeSockets, realtime_api};
#[cfg(feature = "server")]
pub use reply_form_api::{open_reply_form_api, reply_form_api};
pub use retry_attachment_api::retry_attachment_api;
pub use retry_message_api::retry_message_api;
pub use send_message_api::send_message_api;
