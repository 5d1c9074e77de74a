//! Hooks of several components: the window, the keyboard, the title, tasks.

mod use_live;
mod use_scope_tasks;
mod use_shortcuts;
mod use_storage_changes;
mod use_title;
mod use_window_event;

pub use use_live::use_live;
pub use use_scope_tasks::{ScopeTasks, use_scope_tasks};
pub use use_shortcuts::{Shortcut, use_shortcuts};
pub use use_storage_changes::{StorageChange, use_storage_changes};
pub use use_title::use_title;
pub use use_window_event::use_window_event;
