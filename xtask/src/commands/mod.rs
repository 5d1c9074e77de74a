//! The tasks.

pub mod bench_backlog;
pub mod bench_client;
pub mod bench_ingest;
pub mod bench_sync;
pub mod reset;
pub mod run;
mod run_mark;
mod run_with_reload;
pub mod test;
