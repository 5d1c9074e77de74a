//! Parts of the measurements.

pub mod event_load;
pub mod http_json;
pub mod live_probe;
pub mod peak_memory;
pub mod pgbench;
pub mod processor_time;
pub mod psql;
pub mod server_under_test;
