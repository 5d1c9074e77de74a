//! The rail at the side, which is the tab bar of a phone.

mod shell_component;

pub use shell_component::{RailButton, RailLink, ThemeSwitch, switch_theme};
