//! Organizations: the tenants.

pub mod services;
