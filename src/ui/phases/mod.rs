//! The steps of something long.

mod phases_component;

pub use phases_component::{Phases, StepState};
