use chrono::{DateTime, Utc};

use crate::mods::twilio::services::message_list::ListRun;

/// What the steps of a reconciliation share.
pub(super) struct ReconciliationContext {
    pub run: ListRun,
    /// When the number came to us: messages from before are history.
    pub number_since: DateTime<Utc>,
}
