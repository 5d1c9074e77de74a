use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::bases::{
    dates::storable_day,
    ids::{ImportId, PhoneNumberId},
};

/// Which history to import: the body of `POST /api/twilio/sync-message-history`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncMessageHistoryIn {
    pub phone_number_id: PhoneNumberId,
    /// The first day (UTC) to import; everything unless given.
    #[serde(default, deserialize_with = "storable_day")]
    pub since: Option<NaiveDate>,
    /// Whether to wait for the messages, for at most 20 s; without it, the answer is 202 at once.
    /// True unless given.
    #[serde(default = "yes")]
    pub wait: bool,
}

fn yes() -> bool {
    true
}

/// Which number's run is meant: the body of the calls that cancel and resume one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOfNumberIn {
    pub phone_number_id: PhoneNumberId,
}

/// How far the import is when the call answers.
///
/// With status 200 all messages are in; with 202 that takes longer, and the run goes on. Media
/// may still be under way in both: the run is complete when its progress says `Done`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncMessageHistoryResponse {
    pub run_id: ImportId,
    /// Whether all messages are in.
    pub messages_are_in: bool,
    /// Messages that are new.
    pub imported: u64,
    /// Messages that were there already.
    pub skipped: u64,
    /// Files stored so far.
    pub media_downloaded: u64,
}
