use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::bases::ids::{ImportId, PhoneNumberId};

use crate::bases::json_object::json_objects;

/// The phase of an import. Pages are fetched while others are being stored, so a run goes through
/// the first five many times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ImportPhase {
    /// Querying Twilio's Messages API.
    Fetching,
    /// Checking for SIDs that are there already.
    Deduplicating,
    /// Creating or matching contacts.
    ResolvingContacts,
    /// Inserting new messages.
    Inserting,
    /// Moving conversations and contacts' `last_contacted_at` forward.
    UpdatingTimestamps,
    /// Downloading the media of new messages; all messages are in.
    DownloadingMedia,
    /// Complete, media included.
    Done,
}

impl ImportPhase {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fetching => "fetching",
            Self::Deduplicating => "deduplicating",
            Self::ResolvingContacts => "resolving_contacts",
            Self::Inserting => "inserting",
            Self::UpdatingTimestamps => "updating_timestamps",
            Self::DownloadingMedia => "downloading_media",
            Self::Done => "done",
        }
    }
}

impl FromStr for ImportPhase {
    type Err = ImportWordError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        Ok(match raw {
            "fetching" => Self::Fetching,
            "deduplicating" => Self::Deduplicating,
            "resolving_contacts" => Self::ResolvingContacts,
            "inserting" => Self::Inserting,
            "updating_timestamps" => Self::UpdatingTimestamps,
            "downloading_media" => Self::DownloadingMedia,
            "done" => Self::Done,
            _ => return Err(ImportWordError(raw.to_owned())),
        })
    }
}

/// The text names no phase or state of a run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown phase or state of a sync run {0:?}")]
pub struct ImportWordError(String);

/// Whether a run still goes on, and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    Running,
    /// Complete, media included.
    Done,
    /// Stopped by an error; it can be resumed where it was.
    Failed,
    /// Stopped by a person; it can be resumed where it was.
    Cancelled,
}

impl ImportState {
    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl FromStr for ImportState {
    type Err = ImportWordError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        Ok(match raw {
            "running" => Self::Running,
            "done" => Self::Done,
            "failed" => Self::Failed,
            "cancelled" => Self::Cancelled,
            _ => return Err(ImportWordError(raw.to_owned())),
        })
    }
}

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
