//! Design-system components; those with a style of their own are a folder each. They know nothing
//! of a mod.

mod avatar;
mod badge;
mod banner;
mod button;
mod card;
mod chunk;
mod connection;
mod dialog;
mod empty_state;
mod field;
mod figures;
mod hooks;
mod icon;
mod kbd;
mod link;
mod load_error;
mod loaded;
mod logo;
mod number_tag;
mod page_data;
mod percent;
mod phases;
mod progress;
mod shell;
mod skeleton;
mod table;
mod tabs;
mod time;
mod toast;

pub use avatar::{Avatar, AvatarSize, hue_of};
pub use badge::{Badge, CountBadge, Tone};
pub use banner::Banner;
pub use button::{Button, ButtonKind, ButtonSize, IconButton};
pub use card::Card;
#[cfg(feature = "web")]
pub use chunk::start_with_chunks;
pub use chunk::{ChunkForm, ChunkState, InChunk, NeedsChunk, call_in_chunk, use_chunk};
pub use connection::Connection;
pub use dialog::{Dialog, use_dialog_about, use_shown_dialog};
pub use empty_state::EmptyState;
pub use field::{Field, FieldError, SelectArrow};
pub use figures::figures;
pub use hooks::{
    ScopeTasks, Shortcut, StorageChange, use_live, use_scope_tasks, use_shortcuts,
    use_storage_changes, use_title, use_window_event,
};
pub use icon::Icon;
pub use kbd::Kbd;
pub use link::open_page;
pub use load_error::LoadError;
pub use loaded::{LoadWords, loaded};
pub use logo::Logo;
pub use number_tag::NumberTag;
pub use page_data::{PageLoad, PageState, commit_error_status, use_page_data};
pub use phases::{Phases, StepState};
pub use progress::ProgressBar;
pub use shell::{RailButton, RailLink, ThemeSwitch, switch_theme};
pub use skeleton::{MessageSkeleton, RowSkeleton};
pub use table::Table;
pub use tabs::{Tab, Tabs};
pub use time::{Clock, When, month, use_clock, use_clock_provider};
pub use toast::{ToastRegion, Toasts, use_toasts};
