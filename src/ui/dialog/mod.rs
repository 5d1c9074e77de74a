//! A window on top of the page.

mod dialog_component;
mod use_dialog_about;

pub use dialog_component::{Dialog, use_shown_dialog};
pub use use_dialog_about::use_dialog_about;
