mod account_tokens;
mod apply_event_batch;
mod clean_up_twilio_events_service;
mod event_batch;
mod event_writer;
mod list_phone_numbers_service;
mod process_twilio_events_service;
mod resolve_event_numbers_service;
mod resolve_twilio_credentials_service;
mod save_twilio_credentials_service;
mod send_to_twilio_service;

pub use account_tokens::AccountTokens;
pub use clean_up_twilio_events_service::clean_up_twilio_events_service;
pub use event_writer::{EventWriter, StoreError};
pub use list_phone_numbers_service::list_phone_numbers_service;
pub use process_twilio_events_service::{Processed, process_twilio_events_service};
pub use resolve_event_numbers_service::{OwnNumber, resolve_event_numbers_service};
pub use resolve_twilio_credentials_service::{
    TwilioCredentials, resolve_twilio_credentials_service,
};
pub use save_twilio_credentials_service::save_twilio_credentials_service;
pub use send_to_twilio_service::send_to_twilio_service;
