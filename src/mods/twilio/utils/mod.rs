mod account_findings_util;
mod adaptive_limit_util;
mod available_number_util;
mod create_event_sink_util;
mod create_event_subscription_util;
mod create_twilio_message_util;
mod explain_twilio_error_util;
mod fetch_event_streams_util;
mod fetch_twilio_account_util;
mod fetch_twilio_media_util;
mod fetch_twilio_message_history_util;
mod fetch_twilio_message_util;
mod find_sent_twilio_message_util;
mod forwarding_health_util;
mod history_message_to_new_util;
mod lenient_json;
mod list_event_sinks_util;
mod list_messaging_services_util;
mod list_twilio_pages_util;
mod mask_addresses_util;
mod mask_event_payload_util;
mod number_health_util;
mod parse_event_batch_util;
mod parse_twilio_event_util;
mod picture_size_util;
mod place_listed_util;
mod read_bounded_util;
mod readable_json_util;
mod send_sink_test_util;
mod sender_of_event_util;
mod setup_org_event_sink_util;
mod split_date_range_util;
mod status_callback_url_util;
mod twilio_error;
mod twilio_error_table;
mod twilio_error_to_app_error_util;
mod twilio_form_util;
mod twilio_number_util;
mod twilio_reader_util;
mod twilio_writer_util;
mod verify_twilio_signature_util;
mod voice_answer_util;
mod voice_twiml_util;

pub use account_findings_util::{
    account_findings_util, account_problem_finding_util, no_account_finding_util,
};
pub use adaptive_limit_util::AdaptiveLimit;
pub use available_number_util::{fetch_monthly_price_util, search_available_numbers_util};
pub use create_event_sink_util::create_event_sink_util;
pub use create_event_subscription_util::create_event_subscription_util;
pub use create_twilio_message_util::{OutboundText, TwilioMessage, create_twilio_message_util};
pub use explain_twilio_error_util::explain_twilio_error_util;
pub use fetch_event_streams_util::{
    EventStreams, OwnSink, OwnSubscription, fetch_event_streams_util,
};
pub use fetch_twilio_account_util::{AccountProblem, fetch_twilio_account_util};
pub use fetch_twilio_media_util::{ListedMedia, list_twilio_media_util, open_twilio_media_util};
pub use fetch_twilio_message_history_util::{
    HistoryMessage, HistoryPage, HistoryQuery, HistorySide, fetch_twilio_message_history_util,
};
pub use fetch_twilio_message_util::fetch_twilio_message_util;
pub use find_sent_twilio_message_util::{SentText, find_sent_twilio_message_util};
pub use forwarding_health_util::forwarding_health_util;
pub use history_message_to_new_util::{
    HistoryOwner, ImportedMessage, ListedMessage, OddWords, history_message_to_new_util,
};
pub use list_event_sinks_util::{
    EventSink, EventSinkConfiguration, EventSubscription, SubscribedType, list_event_sinks_util,
    list_event_subscriptions_util, list_subscribed_types_util,
};
pub use list_messaging_services_util::{MessagingService, list_messaging_services_util};
pub use list_twilio_pages_util::list_twilio_pages_util;
pub use mask_addresses_util::mask_addresses_util;
pub use mask_event_payload_util::{mask_event_payload_util, mask_event_text_util};
pub use number_health_util::{
    NumberDrift, NumberView, WEBHOOK_METHOD, find_number_drift_util, number_health_util,
};
pub use parse_event_batch_util::{EventEnvelope, parse_event_batch_util};
pub use parse_twilio_event_util::{
    INBOUND_WEBHOOK_EVENT, InboundEvent, ParsedEvent, STATUS_CALLBACK_EVENT, StatusEvent,
    parse_twilio_event_util,
};
pub use picture_size_util::{HEAD_BYTES, PictureSize, picture_size_util};
pub use place_listed_util::{ListedPlace, place_listed_util};
pub use read_bounded_util::{
    MAX_PAGE_BYTES, MAX_RESOURCE_BYTES, read_bounded_util, read_json_util,
};
pub use readable_json_util::readable_json_util;
pub use send_sink_test_util::send_sink_test_util;
pub use sender_of_event_util::{SenderOfEvent, sender_of_event_util};
pub use setup_org_event_sink_util::{remove_event_sink_util, setup_org_event_sink_util};
pub use split_date_range_util::{DateWindow, split_date_range_util};
pub use status_callback_url_util::{
    CallbackOf, parse_status_callback_url_util, status_callback_url_util,
};
pub use twilio_error::TwilioError;
pub use twilio_error_table::KnownTwilioError;
pub use twilio_error_to_app_error_util::twilio_error_to_app_error_util;
pub use twilio_form_util::{TwilioForm, TwilioFormError};
pub use twilio_number_util::{
    NUMBER_SETTINGS, TwilioNumber, find_twilio_number_util, list_twilio_numbers_util,
};
pub use twilio_reader_util::TwilioReader;
pub use twilio_writer_util::{TwilioHost, TwilioWriter};
pub use verify_twilio_signature_util::{verify_form_signature_util, verify_json_signature_util};
pub use voice_answer_util::voice_answer_util;
pub use voice_twiml_util::voice_twiml_util;
