//! Parts of the measurements.

pub mod event_load;
pub mod peak_memory;
pub mod pgbench;
