use serde::{Deserialize, Serialize};

use super::{AccountChange, ValueChange};
use crate::entities::states::{AccountChangeKind, ChangeVerb};

/// One call that would change something in the Twilio account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedChange {
    pub kind: AccountChangeKind,
    pub verb: ChangeVerb,
    /// In plain words, for example "Event sink to https://sms.example.com/twilio/events".
    pub summary: String,
    /// Twilio's path of the thing, for example `Sinks/DG…`; without a SID if it is still to be
    /// created.
    pub resource: String,
    pub values: Vec<ValueChange>,
}

/// All that an action would do at Twilio, in order, and what it leaves alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwilioPlan {
    /// Empty: everything is as it should be, and nothing would be called.
    pub changes: Vec<PlannedChange>,
    /// Sentences such as "5 phone numbers: SMS and voice webhooks stay as they are".
    pub untouched: Vec<String>,
    /// What to know before doing it, for example that calls will ring elsewhere.
    pub warnings: Vec<String>,
    /// Identifies `changes`: send it as `expected` to do exactly this.
    pub fingerprint: String,
}

/// How to run an action that changes something at Twilio; part of the input of each of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanOptions {
    /// Only say what would be done.
    #[serde(default)]
    pub dry_run: bool,
    /// The `fingerprint` of the plan that was looked at. If the account has changed since, so that
    /// something else would be done, nothing is done and the answer is 409.
    #[serde(default)]
    pub expected: Option<String>,
}

/// What an action did or, with `dry_run`, would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwilioActionAnswer {
    pub dry_run: bool,
    pub plan: TwilioPlan,
    /// What was done, as it stands in the account activity; empty for a dry run.
    pub changes: Vec<AccountChange>,
}
