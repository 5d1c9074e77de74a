//! The customers of an organization.

#[cfg(feature = "server")]
pub mod services;
pub mod types;
