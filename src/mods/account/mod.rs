//! An organization's Twilio account: connection, credentials, health, and the ledger of changes.
//!
//! What changes something at Twilio is a [`PlannedAction`](planned_action::PlannedAction): a
//! section of a page hands it to the plan dialog, which shows what it would do before it is done.

/// The chunk of the client with the forms and dialogs of Settings → Twilio and what they send.
pub const TWILIO_FORMS: &str = "twilio_forms";

pub mod api;
pub mod components;
pub mod hooks;
#[cfg(feature = "server")]
pub mod jobs;
pub mod planned_action;
#[cfg(feature = "server")]
pub mod services;
pub mod types;
#[cfg(feature = "server")]
pub mod utils;
