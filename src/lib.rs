//! Loquent: a self-hosted SMS platform on Twilio.
//!
//! One crate, two programs: with the feature `server` it is the server, with `web` the browser's
//! half. `docs/ARCHITECTURE.md` is the map.

pub mod app;
pub mod bases;
#[cfg(feature = "server")]
pub mod cli;
pub mod entities;
pub mod mods;
#[cfg(feature = "server")]
pub mod server;
pub mod twilio;
pub mod ui;
