//! Load on a webhook: signed events, posted as Event Streams does. Only for loopback.

mod event_maker;
mod live_probe;
mod load_options;
mod load_report;
mod run_load;

pub use live_probe::{ProbeError, ProbeReport, Viewer, run_live_probe};
pub use load_options::LoadOptions;
pub use load_report::LoadReport;
pub use run_load::{LoadError, run_load};
