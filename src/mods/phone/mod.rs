//! Own numbers: import, buy, release, webhooks, voice.

pub mod api;
pub mod number_actions;
#[cfg(feature = "server")]
pub mod services;
pub mod types;
#[cfg(feature = "server")]
pub mod utils;
