//! A demo organization, so that a new installation has something to look at: a heating and
//! plumbing company in San Francisco with a month of conversations. All of its people and
//! numbers are made up (555-01xx numbers, `.example` addresses).

mod conversations;
pub mod services;
pub mod types;
pub mod utils;
