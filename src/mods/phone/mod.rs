//! Own numbers: import, buy, release, webhooks, voice.

pub mod api;
pub mod components;
pub mod hooks;
pub mod number_actions;
#[cfg(feature = "server")]
pub mod services;
pub mod types;
pub mod utils;
