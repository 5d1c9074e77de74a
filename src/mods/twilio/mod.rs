//! What Twilio tells us: events, past texts, files; and how its events come here.
//!
//! `services/` has a room for each:
//! - `events`: from the webhook to messages, and the page of stored events
//! - `message_list`: reads Twilio's list of a number's messages, for the next two
//! - `history`: the import of past texts
//! - `reconciliation`: the last days compared with Twilio's list
//! - `media`: the files of messages
//! - `forwarding`: the event sink and its subscription
//!
//! `api/` holds the webhooks (`twilio_webhooks` checks their signatures) and the calls of the
//! pages, `jobs/` the background tasks, `utils/` what reads Twilio's formats.

pub mod api;
pub mod components;
pub mod forwarding_actions;
pub mod hooks;
#[cfg(feature = "server")]
pub mod jobs;
#[cfg(feature = "server")]
pub mod services;
#[cfg(feature = "server")]
mod turn;
pub mod types;
pub mod utils;
