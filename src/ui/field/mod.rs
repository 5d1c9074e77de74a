//! A labelled field of a form, and what is wrong with it.

mod field_component;

pub use field_component::{Field, FieldError, SelectArrow};
