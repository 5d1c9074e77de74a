//! Signed events, posted to the server's webhook as Event Streams does.

mod event_maker;
mod live_probe;
mod percentile;
mod run_load;
mod webhook;

pub use live_probe::{ProbeReport, run_live_probe};
pub use run_load::{Load, LoadReport, run_load};
