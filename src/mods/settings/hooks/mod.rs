//! What the page about the Twilio account knows, live.

mod twilio_account_loading;
mod use_twilio_account;

pub use use_twilio_account::{TwilioAccount, use_twilio_account, use_twilio_account_provider};
