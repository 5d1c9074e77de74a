//! Loquent: a self-hosted SMS platform on Twilio.
//!
//! One crate, two programs: with the feature `server` it is the server, with `web` the browser's
//! half. `docs/ARCHITECTURE.md` is the map.

pub mod bases;
pub mod mods;
