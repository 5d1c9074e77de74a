//! What a settings page loads at once.

mod get_twilio_overview_api;

pub use get_twilio_overview_api::get_twilio_overview_api;
