//! Buttons, with words or with an icon only.

mod button_component;

pub use button_component::{Button, ButtonKind, ButtonSize, IconButton};
