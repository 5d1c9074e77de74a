//! The simulator over HTTP, as the program under test meets it.

mod control;
mod event_faults;
mod event_streams;
mod events_api;
mod faults;
mod generated_history;
mod handset;
mod harness;
mod media;
mod messages_api;
mod opt_out;
mod own_files;
mod phone_numbers;
mod status_callbacks;
