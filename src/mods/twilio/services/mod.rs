//! A room for each thing that Twilio tells us.

pub mod events;
pub mod forwarding;
pub mod history;
pub mod media;
mod message_list;
pub mod reconciliation;
