use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::faults::FaultRule;
use crate::model::Sid;

/// A rule with what has come of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArmedFault {
    /// The rule.
    #[serde(flatten)]
    pub rule: FaultRule,
    /// Occasions that it was looked at for.
    pub matched: u64,
    /// Times that it happened.
    pub fired: u64,
}

/// All armed faults with their counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaultReport {
    /// The plan's seed.
    pub seed: u64,
    /// The rules in their order.
    pub rules: Vec<ArmedFault>,
    /// Times that any of them happened.
    pub fired: u64,
}

/// A fault that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FiredFault {
    /// Number in the log.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Position of its rule, from 0.
    pub rule: usize,
    /// Name of the fault.
    pub kind: &'static str,
    /// Path of the request, or id of the event.
    pub subject: String,
    /// The message of an event or callback.
    pub message_sid: Option<Sid>,
}
