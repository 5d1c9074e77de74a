mod complete_send_service;
mod find_senders_service;
mod send_to_twilio_service;

pub use complete_send_service::{SendOutcome, complete_send_service};
pub use send_to_twilio_service::send_to_twilio_service;
