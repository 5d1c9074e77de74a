//! A window on top of the page.

mod dialog_component;

pub use dialog_component::{Dialog, use_shown_dialog};
