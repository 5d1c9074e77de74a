//! The simulator over HTTP, as Loquent meets it.

mod control;
mod event_streams;
mod events_api;
mod generated_history;
mod handset;
mod harness;
mod media;
mod messages_api;
mod status_callbacks;
