mod get_imported_phone_numbers_api;
#[cfg(feature = "server")]
mod message_status_api;
mod phone_numbers_api;
mod reconcile_api;
#[cfg(feature = "server")]
mod sms_incoming_api;
#[cfg(feature = "server")]
mod sms_status_api;
mod sync_message_history_api;
#[cfg(feature = "server")]
mod twilio_events_api;
#[cfg(feature = "server")]
mod twilio_webhooks;
#[cfg(feature = "server")]
mod voice_api;

pub use get_imported_phone_numbers_api::get_imported_phone_numbers_api;
#[cfg(feature = "server")]
pub use message_status_api::message_status_api;
pub use phone_numbers_api::{
    buy_phone_number_api, configure_phone_sms_api, configure_phone_voice_api,
    get_unsynced_numbers_api, get_voice_answer_api, release_phone_number_api,
    restore_phone_sms_api, restore_phone_voice_api, search_available_numbers_api, sync_numbers_api,
    update_phone_api, update_voice_answer_api,
};
pub use reconcile_api::{get_reconciliations_api, reconcile_api};
#[cfg(feature = "server")]
pub use sms_incoming_api::sms_incoming_api;
#[cfg(feature = "server")]
pub use sms_status_api::sms_status_api;
pub use sync_message_history_api::{
    cancel_message_history_sync_api, resume_message_history_sync_api, sync_message_history_api,
};
#[cfg(feature = "server")]
pub use twilio_events_api::{MAX_EVENTS_BODY_BYTES, twilio_events_api};
#[cfg(feature = "server")]
pub use twilio_webhooks::TwilioWebhooks;
#[cfg(feature = "server")]
pub use voice_api::voice_api;
