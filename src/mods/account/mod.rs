//! An organization's Twilio account: connection, credentials, health, and the ledger of changes.

pub mod api;
#[cfg(feature = "server")]
pub mod jobs;
#[cfg(feature = "server")]
pub mod services;
pub mod types;
#[cfg(feature = "server")]
pub mod utils;
