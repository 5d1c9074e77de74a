use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    bases::ids::{ImportId, PhoneNumberId},
    entities::states::{ImportPhase, ImportState},
};

use crate::bases::json_object::json_objects;

/// The progress of an import: the payload of `EventKind::ImportProgress`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct SmsSyncProgress {
    pub run_id: ImportId,
    pub phone_number_id: PhoneNumberId,
    pub phase: ImportPhase,
    pub state: ImportState,
    /// The first day (UTC) that was asked for; none for everything.
    pub since: Option<NaiveDate>,
    /// Messages read from Twilio so far, each counted once: new ones and known ones.
    pub fetched: Option<u64>,
    /// Messages that were not known yet, and are stored.
    pub new_count: Option<u64>,
    /// Messages that were there already, and stay as they are.
    pub skipped: Option<u64>,
    /// Parts of the time range that have been read to their end.
    pub parts_done: u32,
    /// All parts of the time range; 0 until they are known.
    pub parts_total: u32,
    /// Files of the new messages that are stored.
    pub media_downloaded: Option<u64>,
    /// Files of the new messages whose fetch failed; the thread offers Retry.
    pub media_failed: Option<u64>,
    /// All files of the new messages so far.
    pub media_total: Option<u64>,
    /// Entries of Twilio's list that could not be read, and are missing here; 1,000 for more.
    #[serde(default)]
    pub unreadable: u64,
    /// Why it stopped, in words for a person.
    pub error: Option<String>,
    pub started_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

impl SmsSyncProgress {
    /// Whether the run has ended and left messages that were not there before.
    pub fn has_added_messages(&self) -> bool {
        self.state != ImportState::Running && self.new_count.unwrap_or_default() > 0
    }
}

json_objects!(SmsSyncProgress);
