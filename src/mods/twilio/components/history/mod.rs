//! The import of past messages, for each number and for all.

mod import_all_component;
mod import_announcer_component;
mod import_phases_component;
mod import_row_component;
mod import_stats_component;
mod since_field_component;

pub use import_all_component::{ImportAll, SinceError};
pub use import_announcer_component::ImportAnnouncer;
pub use import_row_component::ImportRow;
