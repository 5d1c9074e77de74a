mod create_twilio_message_util;
mod explain_twilio_error_util;
mod find_sent_twilio_message_util;
mod parse_twilio_event_util;
mod status_callback_url_util;
mod twilio_error;
mod verify_twilio_signature_util;

pub use create_twilio_message_util::{OutboundText, TwilioMessage, create_twilio_message_util};
pub use explain_twilio_error_util::explain_twilio_error_util;
pub use find_sent_twilio_message_util::find_sent_twilio_message_util;
pub use parse_twilio_event_util::{
    EventEnvelope, InboundEvent, OptOutKeyword, ParsedEvent, STATUS_CALLBACK_EVENT, StatusEvent,
    parse_event_batch_util, parse_twilio_event_util,
};
pub use status_callback_url_util::{
    CallbackOf, parse_status_callback_url_util, status_callback_url_util,
};
pub use twilio_error::TwilioError;
pub use verify_twilio_signature_util::{verify_form_signature_util, verify_json_signature_util};
