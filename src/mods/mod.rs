//! The product: a room for each capability.

pub mod account;
pub mod auth;
pub mod contact;
#[cfg(feature = "server")]
pub mod delivery;
pub mod messaging;
pub mod phone;
pub mod settings;
pub mod twilio;
