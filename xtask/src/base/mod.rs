//! What every task stands on: places, processes, printing.

pub mod already_reported;
pub mod content_hash;
pub mod context;
pub mod duration_text;
pub mod env_file;
pub mod interrupt;
pub mod logged_command;
pub mod path_lookup;
pub mod port;
pub mod service;
pub mod step;
pub mod tool_command;
pub mod wait_ready;
