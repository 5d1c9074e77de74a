//! Own numbers: import, buy, release, webhooks, voice.

pub mod api;
#[cfg(feature = "server")]
pub mod services;
pub mod types;
#[cfg(feature = "server")]
pub mod utils;
