//! Design-system components, one folder each with its style. They know nothing of a mod.

mod avatar;
mod badge;
mod banner;
mod button;
mod connection;
mod dialog;
mod empty_state;
mod field;
mod hooks;
mod icon;
mod kbd;
mod logo;
mod number_tag;
mod shell;
mod skeleton;
mod tabs;
mod time;
mod toast;

pub use avatar::{Avatar, AvatarSize, hue_of};
pub use badge::{Badge, CountBadge, Tone};
pub use banner::Banner;
pub use button::{Button, ButtonKind, ButtonSize, IconButton};
pub use connection::Connection;
pub use dialog::Dialog;
pub use empty_state::EmptyState;
pub use field::{Field, FieldError, SelectArrow};
pub use hooks::{Shortcut, use_live, use_shortcuts, use_title, use_window_event};
pub use icon::Icon;
pub use kbd::Kbd;
pub use logo::Logo;
pub use number_tag::NumberTag;
pub use shell::{RailButton, RailLink, ThemeSwitch, switch_theme};
pub use skeleton::{MessageSkeleton, RowSkeleton};
pub use tabs::{Tab, Tabs};
pub use time::{Clock, use_clock, use_clock_provider};
pub use toast::{ToastRegion, Toasts, use_toasts};
