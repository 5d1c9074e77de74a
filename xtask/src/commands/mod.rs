//! The tasks.

pub mod bench;
mod bench_client;
pub mod chaos;
pub mod package;
pub mod reset;
pub mod run;
mod run_mark;
mod run_with_reload;
pub mod test;
