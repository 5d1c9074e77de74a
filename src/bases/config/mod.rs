//! Settings, read once at start from the environment.
//!
//! A [`Reader`](reader::Reader) looks variables up and collects what is wrong with them, so that
//! all problems are reported at once. Each group of settings reads itself with it: `twilio`, and
//! in `settings` the rest. `.env.example` describes each variable.

mod reader;
mod settings;
#[cfg(test)]
mod tests;
mod twilio;

pub use reader::ConfigError;
pub use settings::Config;
pub use twilio::{SharedTwilioAccount, is_account_sid};
