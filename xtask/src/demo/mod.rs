//! The demo: which programs run with which settings.

pub mod announce;
pub mod beside_the_server;
pub mod simulator_account;
pub mod stage;
