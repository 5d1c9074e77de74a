//! Event forwarding: the event sink and the subscription that send Twilio's events here.
//!
//! 1. `setup_event_sink_service` and `remove_event_sink_service` read the state of Event Streams
//!    and plan (`utils/setup_org_event_sink_util`).
//! 2. `actions/` holds the calls for the ledger (`account::services::account_changes`).
//! 3. `exchange_test_event_service` sends a test event and waits for it; `send_test_event_service`
//!    does so on demand.

pub mod actions;
mod exchange_test_event_service;
mod remove_event_sink_service;
mod send_test_event_service;
mod setup_event_sink_service;

pub use exchange_test_event_service::{TEST_EVENT_TYPE, TestEvent, exchange_test_event_service};
pub use remove_event_sink_service::remove_event_sink_service;
pub use send_test_event_service::send_test_event_service;
pub use setup_event_sink_service::setup_event_sink_service;
