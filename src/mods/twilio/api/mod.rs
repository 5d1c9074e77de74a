mod get_imported_phone_numbers_api;
#[cfg(feature = "server")]
mod message_status_api;
mod reconcile_api;
mod sync_message_history_api;
#[cfg(feature = "server")]
mod twilio_events_api;
#[cfg(feature = "server")]
mod twilio_webhooks;

pub use get_imported_phone_numbers_api::get_imported_phone_numbers_api;
#[cfg(feature = "server")]
pub use message_status_api::message_status_api;
pub use reconcile_api::{get_reconciliations_api, reconcile_api};
pub use sync_message_history_api::{
    cancel_message_history_sync_api, resume_message_history_sync_api, sync_message_history_api,
};
#[cfg(feature = "server")]
pub use twilio_events_api::{MAX_EVENTS_BODY_BYTES, twilio_events_api};
#[cfg(feature = "server")]
pub use twilio_webhooks::TwilioWebhooks;
