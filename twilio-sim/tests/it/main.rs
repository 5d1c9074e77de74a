//! The simulator over HTTP, as the program under test meets it.

mod control;
mod create_faults;
mod event_faults;
mod event_retries;
mod event_streams;
mod events_api;
mod fault_control;
mod fault_support;
mod generated_history;
mod handset;
mod harness;
mod history_limits;
mod list_faults;
mod lists_api;
mod media;
mod media_faults;
mod messages_api;
mod opt_out;
mod own_files;
mod phone_numbers;
mod status_callbacks;
