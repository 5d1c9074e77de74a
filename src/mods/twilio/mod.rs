//! What Twilio tells us: events, past texts, files.

pub mod api;
pub mod components;
pub mod forwarding_actions;
pub mod hooks;
#[cfg(feature = "server")]
pub mod jobs;
#[cfg(feature = "server")]
pub mod services;
pub mod types;
pub mod utils;
