#[cfg(feature = "server")]
mod adaptive_limit_util;
#[cfg(feature = "server")]
mod create_event_sink_util;
#[cfg(feature = "server")]
mod create_event_subscription_util;
#[cfg(feature = "server")]
mod event_envelope;
#[cfg(feature = "server")]
mod fetch_twilio_message_history_util;
#[cfg(feature = "server")]
mod fetch_twilio_message_util;
#[cfg(feature = "server")]
mod history_message_to_new_util;
#[cfg(feature = "server")]
mod list_event_sinks_util;
#[cfg(feature = "server")]
mod listed_message;
#[cfg(feature = "server")]
mod mask_event_payload_util;
mod merge_event_page_util;
#[cfg(feature = "server")]
mod parse_event_batch_util;
#[cfg(feature = "server")]
mod parse_twilio_event_util;
#[cfg(feature = "server")]
mod parsed_event;
#[cfg(feature = "server")]
mod picture_size_util;
#[cfg(feature = "server")]
mod place_listed_util;
mod reconciliation_words_util;
#[cfg(feature = "server")]
mod setup_org_event_sink_util;
#[cfg(feature = "server")]
mod split_date_range_util;
#[cfg(feature = "server")]
mod twilio_event_data;
#[cfg(feature = "server")]
mod twilio_event_fields;

#[cfg(feature = "server")]
pub use adaptive_limit_util::AdaptiveLimit;
#[cfg(feature = "server")]
pub use create_event_sink_util::create_event_sink_util;
#[cfg(feature = "server")]
pub use create_event_subscription_util::create_event_subscription_util;
#[cfg(feature = "server")]
pub use event_envelope::EventEnvelope;
#[cfg(feature = "server")]
pub use fetch_twilio_message_history_util::{
    HistoryMessage, HistoryPage, HistoryQuery, fetch_twilio_message_history_util,
};
#[cfg(feature = "server")]
pub use fetch_twilio_message_util::fetch_twilio_message_util;
#[cfg(feature = "server")]
pub use history_message_to_new_util::history_message_to_new_util;
#[cfg(feature = "server")]
pub use list_event_sinks_util::list_event_sinks_util;
#[cfg(feature = "server")]
pub use listed_message::{HistoryOwner, ImportedMessage, ListedMessage};
#[cfg(feature = "server")]
pub use mask_event_payload_util::{mask_event_payload_util, mask_event_text_util};
#[cfg(feature = "server")]
pub use parse_event_batch_util::parse_event_batch_util;
#[cfg(feature = "server")]
pub use parse_twilio_event_util::parse_twilio_event_util;
#[cfg(feature = "server")]
pub use parsed_event::{InboundEvent, ParseEventError, ParsedEvent, StatusEvent};
#[cfg(feature = "server")]
pub use picture_size_util::{HEAD_BYTES, PictureSize, picture_size_util};
#[cfg(feature = "server")]
pub use place_listed_util::{ListedPlace, place_listed_util};
#[cfg(feature = "server")]
pub use setup_org_event_sink_util::{remove_event_sink_util, setup_org_event_sink_util};
#[cfg(feature = "server")]
pub use split_date_range_util::{DateRange, split_date_range_util};
#[cfg(feature = "server")]
pub use twilio_event_data::INBOUND_WEBHOOK_EVENT;

pub use merge_event_page_util::merge_event_page_util;
pub use reconciliation_words_util::reconciliation_words_util;
