mod adaptive_limit_util;
mod create_twilio_message_util;
mod explain_twilio_error_util;
mod fetch_twilio_media_util;
mod fetch_twilio_message_history_util;
mod find_sent_twilio_message_util;
mod history_message_to_new_util;
mod parse_twilio_event_util;
mod split_date_range_util;
mod status_callback_url_util;
mod twilio_error;
mod twilio_reader_util;
mod verify_twilio_signature_util;
mod voice_answer_util;

pub use adaptive_limit_util::AdaptiveLimit;
pub use create_twilio_message_util::{OutboundText, TwilioMessage, create_twilio_message_util};
pub use explain_twilio_error_util::explain_twilio_error_util;
pub use fetch_twilio_media_util::{ListedMedia, list_twilio_media_util, open_twilio_media_util};
pub use fetch_twilio_message_history_util::{
    HistoryMessage, HistoryPage, HistoryQuery, HistorySide, fetch_twilio_message_history_util,
};
pub use find_sent_twilio_message_util::find_sent_twilio_message_util;
pub use history_message_to_new_util::{HistoryOwner, ImportedMessage, history_message_to_new_util};
pub use parse_twilio_event_util::{
    EventEnvelope, InboundEvent, OptOutKeyword, ParsedEvent, STATUS_CALLBACK_EVENT, StatusEvent,
    parse_event_batch_util, parse_twilio_event_util,
};
pub use split_date_range_util::{DateWindow, split_date_range_util};
pub use status_callback_url_util::{
    CallbackOf, parse_status_callback_url_util, status_callback_url_util,
};
pub use twilio_error::TwilioError;
pub use twilio_reader_util::TwilioReader;
pub use verify_twilio_signature_util::{verify_form_signature_util, verify_json_signature_util};
pub use voice_answer_util::voice_answer_util;
