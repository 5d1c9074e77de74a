mod since_field_component;
mod sync_all_component;
mod sync_announcer_component;
mod sync_phases_component;
mod sync_row_component;
mod sync_stats_component;

pub use sync_all_component::{SinceError, SyncAll};
pub use sync_announcer_component::SyncAnnouncer;
pub use sync_row_component::SyncRow;
