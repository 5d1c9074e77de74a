//! Messages and conversations: the inbox, sending, and a message's way to the customer.

pub mod api;
pub mod components;
pub mod hooks;
#[cfg(feature = "server")]
pub mod jobs;
#[cfg(feature = "server")]
pub mod services;
pub mod types;
pub mod utils;
