mod get_imported_phone_numbers_api;
#[cfg(feature = "server")]
mod message_status_api;
mod reconcile_api;
mod setup_twilio_event_sink_api;
#[cfg(feature = "server")]
mod sms_incoming_api;
#[cfg(feature = "server")]
mod sms_status_api;
mod sync_message_history_api;
mod twilio_event_list_api;
#[cfg(feature = "server")]
mod twilio_events_api;
mod twilio_health_api;
#[cfg(feature = "server")]
mod twilio_webhooks;
#[cfg(feature = "server")]
mod voice_api;

pub use get_imported_phone_numbers_api::get_imported_phone_numbers_api;
#[cfg(feature = "server")]
pub use message_status_api::message_status_api;
pub use reconcile_api::{get_reconciliations_api, reconcile_api};
pub use setup_twilio_event_sink_api::{
    get_event_forwarding_api, remove_twilio_event_sink_api, send_test_event_api,
    setup_twilio_event_sink_api,
};
#[cfg(feature = "server")]
pub use sms_incoming_api::sms_incoming_api;
#[cfg(feature = "server")]
pub use sms_status_api::sms_status_api;
pub use sync_message_history_api::{
    cancel_message_history_sync_api, resume_message_history_sync_api, sync_message_history_api,
};
pub use twilio_event_list_api::{
    get_twilio_event_api, list_twilio_events_api, process_event_again_api,
    process_parked_events_again_api,
};
#[cfg(feature = "server")]
pub use twilio_events_api::{MAX_EVENTS_BODY_BYTES, twilio_events_api};
pub use twilio_health_api::{
    check_twilio_health_api, get_twilio_health_api, repair_phone_number_api,
};
#[cfg(feature = "server")]
pub use twilio_webhooks::TwilioWebhooks;
#[cfg(feature = "server")]
pub use voice_api::voice_api;
