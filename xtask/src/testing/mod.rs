//! Running tests of several kinds and adding up what they say.

pub mod cargo_summary;
pub mod filter;
pub mod harness;
pub mod package;
pub mod playwright_summary;
pub mod report;
pub mod runners;
pub mod supply_chain;
pub mod tally;
pub mod tap_summary;
pub mod unittest_summary;
