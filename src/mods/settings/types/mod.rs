mod sync_pace_type;
mod sync_sum_type;

pub use sync_pace_type::SyncPace;
pub use sync_sum_type::SyncSum;
