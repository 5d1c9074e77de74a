//! The command line of the server: `command_line` reads it, `serve` and `manage` do what it says.

mod command_line;
mod manage;
mod serve;

pub use command_line::{main, run_command};
pub use manage::{Done, with_database};
