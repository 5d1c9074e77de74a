//! A table that scrolls sideways in its frame.

mod table_component;

pub use table_component::Table;
