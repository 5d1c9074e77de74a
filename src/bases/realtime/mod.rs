//! Browser events: from a transaction to the browsers of an organization.
//!
//! 1. `realtime_notice`: a service publishes notices in its transaction (NOTIFY); `event_kind`
//!    names them.
//! 2. `server/listen_task` hears them on every node and has them loaded (`server/load_events`).
//! 3. `event_hub` fans them out to the sockets; `heard_notices` remembers whom the last ones were
//!    for.
//! 4. In the browser, `realtime_socket` receives `browser_event_type`s and `realtime_context` hands
//!    them to hooks. `resync_pause` limits how often pages fetch again, `use_event_position` says
//!    where the events stood when the page was rendered.
//!
//! See docs/design/browser-events.md.

mod browser_event_type;
mod connection_state_type;
#[cfg(feature = "server")]
mod event_hub;
mod event_kind;
#[cfg(feature = "server")]
mod heard_notices;
mod realtime_context;
#[cfg(feature = "server")]
mod realtime_notice;
mod realtime_provider;
#[cfg(feature = "web")]
mod realtime_socket;
mod resync_pause;
mod use_event_position;

pub use browser_event_type::BrowserEvent;
pub use connection_state_type::ConnectionState;
#[cfg(feature = "server")]
pub use event_hub::{EventHub, Next, Subscription};
pub use event_kind::EventKind;
pub use realtime_context::{
    EventPosition, LoadStart, RealtimeContext, use_load_start, use_missed_events,
    use_missed_events_since, use_realtime_events, use_realtime_events_since,
};
#[cfg(feature = "server")]
pub use realtime_notice::{CHANNEL, RealtimeNotice, publish_realtime};
pub use realtime_provider::RealtimeProvider;
pub use use_event_position::use_event_position;
