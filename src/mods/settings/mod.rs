//! The settings pages.

pub mod components;
pub mod hooks;
pub mod types;
pub mod utils;
