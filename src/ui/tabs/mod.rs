//! One of several views of the same.

mod tabs_component;

pub use tabs_component::{Tab, Tabs};
