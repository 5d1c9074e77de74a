//! Which of the own numbers.

mod number_tag_component;

pub use number_tag_component::NumberTag;
