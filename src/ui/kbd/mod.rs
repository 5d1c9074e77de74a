//! A key of the keyboard.

mod kbd_component;

pub use kbd_component::Kbd;
