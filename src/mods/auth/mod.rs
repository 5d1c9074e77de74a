//! Users, roles, sign-in and sessions.

pub mod api;
pub mod components;
pub mod hooks;
#[cfg(feature = "server")]
pub mod jobs;
#[cfg(feature = "server")]
pub mod services;
pub mod types;
#[cfg(feature = "server")]
pub mod utils;
