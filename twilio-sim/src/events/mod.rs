//! Twilio's Events API (`/v1`) and the events that it streams.

mod account_events;
mod enqueue_deliveries;
mod event_data;
mod event_envelope;
mod event_type;
mod events_json;
mod events_router;
mod schemas_api;
mod sink_configuration;
mod sinks_api;
mod subscribed_events_api;
mod subscription_types;
mod subscriptions_api;
mod types_api;

pub(crate) use events_router::events_router;
