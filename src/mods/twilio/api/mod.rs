mod get_imported_phone_numbers_api;
#[cfg(feature = "server")]
mod message_status_api;
#[cfg(feature = "server")]
mod twilio_events_api;
#[cfg(feature = "server")]
mod twilio_webhooks;

pub use get_imported_phone_numbers_api::get_imported_phone_numbers_api;
#[cfg(feature = "server")]
pub use message_status_api::message_status_api;
#[cfg(feature = "server")]
pub use twilio_events_api::{MAX_EVENTS_BODY_BYTES, twilio_events_api};
#[cfg(feature = "server")]
pub use twilio_webhooks::TwilioWebhooks;
