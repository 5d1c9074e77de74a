mod use_sms_syncs;

pub use use_sms_syncs::{SmsSyncs, SyncAction, use_sms_syncs};
