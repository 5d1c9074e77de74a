mod complete_send_service;
mod find_senders_service;
mod put_off_send;
mod send_run;
mod send_to_twilio_service;
mod settle_send;
mod store_send;

pub use complete_send_service::{SendOutcome, complete_send_service};
pub use send_to_twilio_service::send_to_twilio_service;
