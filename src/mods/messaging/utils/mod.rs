#[cfg(feature = "server")]
mod advance_message_status_util;
#[cfg(feature = "server")]
mod contact_card_name_util;
mod count_segments_util;
#[cfg(feature = "server")]
mod escape_html_util;
#[cfg(feature = "server")]
mod file_name_util;
#[cfg(feature = "server")]
mod file_type_util;
#[cfg(feature = "server")]
mod find_links_util;
mod is_auto_reply_util;
mod is_blank_util;
mod merge_conversations_util;
mod merge_messages_util;
#[cfg(feature = "server")]
mod nearest_status_util;
mod preview_util;
mod thread_items_util;

#[cfg(feature = "server")]
pub use advance_message_status_util::{DeliveryState, StatusReport, advance_message_status_util};
#[cfg(feature = "server")]
pub use contact_card_name_util::contact_card_name_util;
pub use count_segments_util::{SegmentCount, SmsEncoding, count_segments_util};
#[cfg(feature = "server")]
pub use escape_html_util::escape_html;
#[cfg(feature = "server")]
pub use file_name_util::{disposition_util, file_name_util};
#[cfg(feature = "server")]
pub use file_type_util::{FileType, plain_type_util};
#[cfg(feature = "server")]
pub use find_links_util::find_links_util;
pub use is_auto_reply_util::is_auto_reply_util;
pub use is_blank_util::is_blank_util;
pub use merge_conversations_util::merge_conversations_util;
pub use merge_messages_util::merge_messages_util;
#[cfg(feature = "server")]
pub use nearest_status_util::nearest_status_util;
pub use preview_util::preview_util;
pub use thread_items_util::{thread_entries_util, thread_entry_key, thread_items_util};
