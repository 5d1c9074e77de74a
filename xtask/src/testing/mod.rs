//! Running tests of several kinds and adding up what they say.

pub mod cargo_summary;
pub mod playwright_summary;
pub mod report;
pub mod tally;
pub mod tap_summary;
