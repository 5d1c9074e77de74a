//! The product, one module per part of it.

pub mod auth;
pub mod contact;
#[cfg(feature = "server")]
pub mod demo;
pub mod messaging;
#[cfg(feature = "server")]
pub mod organization;
pub mod settings;
pub mod twilio;
