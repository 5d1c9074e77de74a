//! What stands where there is nothing to show.

mod empty_state_component;

pub use empty_state_component::EmptyState;
