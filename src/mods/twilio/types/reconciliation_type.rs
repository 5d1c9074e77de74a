use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::bases::{
    e164::E164,
    ids::{PhoneNumberId, ReconciliationId},
};

/// Whether a comparison goes on, and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReconciliationState {
    Running,
    Done,
    /// Stopped by an error; the next one begins anew.
    Failed,
}

impl ReconciliationState {
    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// The text names no state of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown state of a reconciliation {0:?}")]
pub struct ReconciliationStateError(String);

impl FromStr for ReconciliationState {
    type Err = ReconciliationStateError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        match raw {
            "running" => Ok(Self::Running),
            "done" => Ok(Self::Done),
            "failed" => Ok(Self::Failed),
            _ => Err(ReconciliationStateError(raw.to_owned())),
        }
    }
}

/// One comparison of a number's last days with Twilio's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    pub id: ReconciliationId,
    pub phone_number_id: PhoneNumberId,
    pub state: ReconciliationState,
    /// The first day (UTC) that is compared.
    pub since: NaiveDate,
    /// Whether a person started it; else the clock did.
    pub by_hand: bool,
    /// Messages of Twilio's list that were looked at, each once.
    pub checked: u64,
    /// Those that were not here, and have been taken in.
    pub missing: u64,
    /// Those whose status, error, body or files were behind Twilio's, and have been moved on.
    pub repaired: u64,
    /// Entries of Twilio's list that could not be read, and are missing here; 1,000 for more.
    #[serde(default)]
    pub unreadable: u64,
    /// Why it stopped, in words for a person.
    pub error: Option<String>,
    pub started_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// What is known of the health of one number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberReconciliation {
    pub phone_number_id: PhoneNumberId,
    pub number: E164,
    /// The number for a person to read.
    pub shown: String,
    /// What the organization calls it, for example "Main line".
    pub friendly_name: String,
    /// When the last event of the number came in, to within some seconds; none if none ever did.
    pub last_event_at: Option<DateTime<Utc>>,
    /// The newest comparison, which may be running; none if there was none yet.
    pub last_check: Option<Reconciliation>,
    /// The newest comparison that found something missing or behind, if it is another one.
    pub last_repair: Option<Reconciliation>,
}

/// The answer of `GET /api/twilio/reconciliations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconciliationOverview {
    /// How many days back each comparison looks (`RECONCILE_DAYS`).
    pub days: u32,
    /// Minutes between two comparisons by the clock (`RECONCILE_EVERY_MINUTES`); 0 for none.
    pub every_minutes: u32,
    /// The organization's numbers, by name.
    pub numbers: Vec<NumberReconciliation>,
}

/// Which numbers to compare: the body of `POST /api/twilio/reconcile`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconcileIn {
    /// All of the organization unless given.
    #[serde(default)]
    pub phone_number_id: Option<PhoneNumberId>,
}
