pub mod actions;
mod exchange_test_event_service;
mod remove_event_sink_service;
mod send_test_event_service;
mod setup_event_sink_service;

pub use exchange_test_event_service::{TEST_EVENT_TYPE, TestEvent, exchange_test_event_service};
pub use remove_event_sink_service::remove_event_sink_service;
pub use send_test_event_service::send_test_event_service;
pub use setup_event_sink_service::setup_event_sink_service;
