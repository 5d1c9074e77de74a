//! What the ledger records of event sinks and subscriptions: one file for each kind of call.

mod add_event_type;
mod create_sink;
mod create_subscription;
mod event_type;
mod remove_event_type;
mod remove_sink;
mod remove_subscription;
mod set_event_type_version;
mod validate_sink;

pub use add_event_type::AddEventType;
pub use create_sink::CreateSink;
pub use create_subscription::CreateSubscription;
pub use remove_event_type::RemoveEventType;
pub use remove_sink::RemoveSink;
pub use remove_subscription::RemoveSubscription;
pub use set_event_type_version::SetEventTypeVersion;
pub use validate_sink::ValidateSink;
