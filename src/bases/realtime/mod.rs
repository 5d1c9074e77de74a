//! Events from the server to the browsers of an organization.

mod connection_state_type;
#[cfg(feature = "server")]
mod event_hub;
#[cfg(feature = "server")]
mod heard_notices;
#[cfg(feature = "server")]
mod listen_task;
mod realtime_context;
mod realtime_event_type;
#[cfg(feature = "server")]
mod realtime_notice;
mod realtime_provider;
#[cfg(feature = "web")]
mod realtime_socket;
mod resync_pause;
mod use_event_position;

pub use connection_state_type::ConnectionState;
#[cfg(feature = "server")]
pub use event_hub::{EventHub, Next, Subscription};
#[cfg(feature = "server")]
pub use listen_task::{NoticeLoader, listen_task};
pub(in crate::bases) use realtime_context::LoadStart;
pub use realtime_context::{
    EventPosition, RealtimeContext, use_load_start, use_missed_events, use_missed_events_since,
    use_realtime_events, use_realtime_events_since,
};
pub use realtime_event_type::{
    EVT_CONVERSATION_READ, EVT_HEARTBEAT, EVT_HELLO, EVT_MESSAGE_NEW, EVT_MESSAGE_REMOVED,
    EVT_MESSAGE_STATUS, EVT_RECONCILIATION, EVT_RESYNC, EVT_SMS_SYNC_PROGRESS, EVT_TWILIO_ACCOUNT,
    RealtimeEvent,
};
#[cfg(feature = "server")]
pub use realtime_notice::{NOTICE_ACCESS_ENDED, RealtimeNotice, publish_realtime};
pub use realtime_provider::RealtimeProvider;
pub use use_event_position::use_event_position;
