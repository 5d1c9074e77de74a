//! A text goes out: claim, send, settle, complete.

mod jobs;
pub mod services;
pub mod utils;
