use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    bases::{
        e164::E164,
        ids::{PhoneNumberId, ReconciliationId},
        json_object::json_objects,
    },
    entities::states::ReconciliationState,
};

/// One reconciliation of a number's last days with Twilio's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Reconciliation {
    pub id: ReconciliationId,
    pub phone_number_id: PhoneNumberId,
    pub state: ReconciliationState,
    /// The first day (UTC) that is reconciled.
    pub since: NaiveDate,
    /// Whether a person started it, or the schedule.
    pub by_hand: bool,
    /// Messages of Twilio's list that were looked at, each once.
    pub checked: u64,
    /// Messages that were missing, and were added.
    pub missing: u64,
    /// Messages whose status, error, body or files were outdated, and were advanced.
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
#[serde(remote = "Self")]
pub struct NumberReconciliation {
    pub phone_number_id: PhoneNumberId,
    pub number: E164,
    /// The number for a person to read.
    pub shown: String,
    /// What the organization calls it, for example "Main line".
    pub friendly_name: String,
    /// When the last event of the number came in, to within some seconds; none if none ever did.
    pub last_event_at: Option<DateTime<Utc>>,
    /// The newest reconciliation, which may be running; none before the first.
    pub last_check: Option<Reconciliation>,
    /// The newest reconciliation that found something missing or outdated, if it is another one.
    pub last_repair: Option<Reconciliation>,
}

/// The answer of `GET /api/twilio/reconciliations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ReconciliationOverview {
    /// How many days back each reconciliation looks (`RECONCILE_DAYS`).
    pub days: u32,
    /// Minutes between two scheduled reconciliations (`RECONCILE_EVERY_MINUTES`); 0 for none.
    pub every_minutes: u32,
    /// The organization's numbers, by name.
    pub numbers: Vec<NumberReconciliation>,
}

/// Which numbers to reconcile: the body of `POST /api/twilio/reconcile`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconcileIn {
    /// All of the organization unless given.
    #[serde(default)]
    pub phone_number_id: Option<PhoneNumberId>,
}

json_objects!(Reconciliation, NumberReconciliation, ReconciliationOverview);
