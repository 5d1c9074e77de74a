//! The product, one module per part of it.

pub mod auth;
pub mod contact;
pub mod messaging;
#[cfg(feature = "server")]
pub mod organization;
pub mod twilio;
