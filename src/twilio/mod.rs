//! Twilio's API and nothing of ours: no database, no organization.
//!
//! Ids and facts that browsers may see stand here (`message_sid`, `masked_sid`,
//! `number_capabilities`, `event_sink_status`); the rest is in `rest`, for the server only.

mod event_sink_status;
mod masked_sid;
mod message_sid;
mod number_capabilities;
#[cfg(feature = "server")]
mod rest;

pub use event_sink_status::EventSinkStatus;
pub use masked_sid::MaskedSid;
pub use message_sid::{MessageSid, MessageSidError};
pub use number_capabilities::NumberCapabilities;
#[cfg(feature = "server")]
pub use rest::*;
