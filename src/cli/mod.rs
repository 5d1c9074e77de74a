//! The command line of the server: `command_line` reads it, `serve` and `manage` do what it says.
//! `telemetry` writes logs, `log_mask` hides what may not be in them.

mod command_line;
mod log_mask;
mod manage;
mod serve;
mod telemetry;

pub use command_line::{main, run_command};
pub use manage::{Done, with_database};
