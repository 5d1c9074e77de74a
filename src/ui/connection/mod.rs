//! Whether the page is live.

mod connection_component;

pub use connection_component::Connection;
