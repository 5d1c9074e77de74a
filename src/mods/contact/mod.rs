//! The customers of an organization.

pub mod api;
pub mod components;
#[cfg(feature = "server")]
pub mod services;
pub mod types;
#[cfg(feature = "server")]
pub mod utils;
