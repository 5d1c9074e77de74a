mod adaptive_limit_util;
mod create_event_sink_util;
mod create_event_subscription_util;
mod create_twilio_message_util;
mod explain_twilio_error_util;
mod fetch_twilio_media_util;
mod fetch_twilio_message_history_util;
mod find_sent_twilio_message_util;
mod history_message_to_new_util;
mod list_event_sinks_util;
mod list_twilio_pages_util;
mod parse_twilio_event_util;
mod picture_size_util;
mod split_date_range_util;
mod status_callback_url_util;
mod twilio_error;
mod twilio_error_to_app_error_util;
mod twilio_number_util;
mod twilio_reader_util;
mod twilio_writer_util;
mod verify_twilio_signature_util;
mod voice_answer_util;

pub use adaptive_limit_util::AdaptiveLimit;
pub use create_event_sink_util::create_event_sink_util;
pub use create_event_subscription_util::create_event_subscription_util;
pub use create_twilio_message_util::{OutboundText, TwilioMessage, create_twilio_message_util};
pub use explain_twilio_error_util::explain_twilio_error_util;
pub use fetch_twilio_media_util::{ListedMedia, list_twilio_media_util, open_twilio_media_util};
pub use fetch_twilio_message_history_util::{
    HistoryMessage, HistoryPage, HistoryQuery, HistorySide, fetch_twilio_message_history_util,
};
pub use find_sent_twilio_message_util::find_sent_twilio_message_util;
pub use history_message_to_new_util::{HistoryOwner, ImportedMessage, history_message_to_new_util};
pub use list_event_sinks_util::{
    EventSink, EventSinkConfiguration, EventSubscription, SubscribedType, list_event_sinks_util,
    list_event_subscriptions_util, list_subscribed_types_util,
};
pub use list_twilio_pages_util::list_twilio_pages_util;
pub use parse_twilio_event_util::{
    EventEnvelope, InboundEvent, OptOutKeyword, ParsedEvent, STATUS_CALLBACK_EVENT, StatusEvent,
    parse_event_batch_util, parse_twilio_event_util,
};
pub use picture_size_util::{PICTURE_HEAD_BYTES, PictureSize, picture_size_util};
pub use split_date_range_util::{DateWindow, split_date_range_util};
pub use status_callback_url_util::{
    CallbackOf, parse_status_callback_url_util, status_callback_url_util,
};
pub use twilio_error::TwilioError;
pub use twilio_error_to_app_error_util::twilio_error_to_app_error_util;
pub use twilio_number_util::{NUMBER_SETTINGS, TwilioNumber, list_twilio_numbers_util};
pub use twilio_reader_util::TwilioReader;
pub use twilio_writer_util::{TwilioHost, TwilioWriter};
pub use verify_twilio_signature_util::{verify_form_signature_util, verify_json_signature_util};
pub use voice_answer_util::voice_answer_util;
