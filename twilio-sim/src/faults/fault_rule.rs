use serde::{Deserialize, Serialize};

use crate::faults::{Fault, FaultTarget, Occasion};
use crate::model::Sid;

/// When which fault happens. Without `probability`, `times` and `first_per_path` it happens every
/// time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// What it hits.
    pub on: FaultTarget,
    /// What goes wrong.
    pub fault: Fault,
    /// From 0 to 1, drawn from the plan's seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// At most so often; with nothing else, the next so many times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Only the first so many requests of each path: media that cannot be read yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_per_path: Option<u32>,
    /// Only in this account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_sid: Option<Sid>,
    /// Only when messages to or from this number are listed, or one is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// All faults that are armed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultPlan {
    /// Decides which occasions a probability picks.
    #[serde(default)]
    pub seed: u64,
    /// Looked at in this order; of those that replace the answer the first one wins.
    #[serde(default)]
    pub rules: Vec<FaultRule>,
}

impl FaultRule {
    /// A fault that happens every time.
    #[must_use]
    pub fn always(on: FaultTarget, fault: Fault) -> Self {
        Self {
            on,
            fault,
            probability: None,
            times: None,
            first_per_path: None,
            account_sid: None,
            number: None,
        }
    }

    /// A fault that happens the next so many times.
    #[must_use]
    pub fn next(times: u64, on: FaultTarget, fault: Fault) -> Self {
        Self {
            times: Some(times),
            ..Self::always(on, fault)
        }
    }

    /// A fault that happens with a probability from 0 to 1.
    #[must_use]
    pub fn sometimes(probability: f64, on: FaultTarget, fault: Fault) -> Self {
        Self {
            probability: Some(probability),
            ..Self::always(on, fault)
        }
    }

    /// Why it cannot be.
    pub(crate) fn check(&self) -> Result<(), String> {
        let name = self.fault.name();
        if !self.fault.can_hit(self.on) {
            return Err(format!("{name} cannot happen on {}", self.target_name()));
        }
        if !self.fault.is_within_limits() {
            return Err(format!("a number of {name} is out of its limits"));
        }
        if self
            .probability
            .is_some_and(|share| !(0.0..=1.0).contains(&share))
        {
            return Err("probability must be 0 to 1".to_owned());
        }
        let sees_numbers = matches!(
            self.on,
            FaultTarget::ListMessages | FaultTarget::CreateMessage
        );
        if self.number.is_some() && !sees_numbers {
            return Err("number goes with list_messages and create_message".to_owned());
        }
        Ok(())
    }

    pub(crate) fn covers(&self, occasion: &Occasion<'_>) -> bool {
        self.on.covers(occasion.target)
            && self
                .account_sid
                .as_ref()
                .is_none_or(|sid| occasion.account_sid == Some(sid.as_str()))
            && self
                .number
                .as_ref()
                .is_none_or(|number| occasion.numbers.contains(&number.as_str()))
    }

    fn target_name(&self) -> String {
        // Nothing in a target can fail to be written.
        serde_json::to_string(&self.on).unwrap_or_default()
    }
}
