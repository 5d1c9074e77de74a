//! A demo organization, so that a new installation has something to look at.

pub mod services;
