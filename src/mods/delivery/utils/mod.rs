mod create_twilio_message_util;
mod find_sent_twilio_message_util;
mod sender_of_event_util;
mod status_callback_url_util;

pub use create_twilio_message_util::{OutboundText, TwilioMessage, create_twilio_message_util};
pub use find_sent_twilio_message_util::{SentText, find_sent_twilio_message_util};
pub use sender_of_event_util::{SenderOfEvent, sender_of_event_util};
pub use status_callback_url_util::{
    CallbackOf, STATUS_CALLBACK_EVENT, parse_status_callback_url_util, status_callback_url_util,
};
