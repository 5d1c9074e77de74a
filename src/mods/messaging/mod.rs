//! Messages and conversations: the inbox, sending, and a message's way to the customer.

pub mod api;
pub mod components;
pub mod hooks;
#[cfg(feature = "server")]
pub mod jobs;
#[cfg(feature = "server")]
mod new_message;
#[cfg(feature = "server")]
mod odd_words;
#[cfg(feature = "server")]
pub mod services;
pub mod types;
pub mod utils;

#[cfg(feature = "server")]
pub use new_message::{HistoryDetails, NewMessage, ResolvedMessage};
#[cfg(feature = "server")]
pub use odd_words::OddWords;
