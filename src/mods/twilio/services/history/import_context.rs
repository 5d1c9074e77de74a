//! What the steps of an import share.

use std::sync::atomic::AtomicU32;

use uuid::Uuid;

use super::import_reporter::ImportReporter;
use crate::mods::twilio::services::message_list::ListRun;

/// What the steps of an import share.
pub(super) struct ImportContext {
    pub run: ListRun,
    /// The smallest id that a message of this run can have: ids begin with their time.
    pub first_id: Uuid,
    pub reporter: ImportReporter,
    /// Pages that this node has stored.
    pub pages: AtomicU32,
}
