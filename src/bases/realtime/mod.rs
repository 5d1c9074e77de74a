//! Events from the server to the browsers of an organization.

mod realtime_event_type;

pub use realtime_event_type::{
    EVT_CONVERSATION_READ, EVT_MESSAGE_NEW, EVT_MESSAGE_STATUS, EVT_RESYNC, RealtimeEvent,
};
