//! The demo: which programs run with which settings.

pub mod simulator_account;
pub mod stage;
