//! What the steps of an import share.

use std::sync::atomic::AtomicU32;

use super::import_reporter::ImportReporter;
use crate::{
    bases::ids::{ImportId, MessageId},
    mods::twilio::services::message_list::ListRun,
};

/// What the steps of an import share.
pub(super) struct ImportContext {
    pub run: ListRun,
    /// The smallest id that a message of this run can have: ids begin with their time.
    pub first_id: MessageId,
    pub reporter: ImportReporter,
    /// Pages that this node has stored.
    pub pages: AtomicU32,
}

impl ImportContext {
    /// The run's id.
    pub(super) fn import(&self) -> ImportId {
        ImportId(self.run.lease.id)
    }
}
