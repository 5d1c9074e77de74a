use serde::Deserialize;

use crate::control::ControlError;
use crate::model::{ArmedOutcome, CreateError, FinalStatus, OutcomeKind, delivery_error_text};
use crate::simulation::{Notice, Simulation};
use crate::timing::{Timing, TimingUpdate};
use crate::wire::normalize_phone_number;

/// Outcomes that can wait at the same time.
const MAX_OUTCOMES: usize = 10_000;

/// What shall happen to the next message that the REST API is asked to send: either `status`, with
/// an error for a failure, or `create_error`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ArmOutcome {
    /// Only for a message to this number.
    pub to: Option<String>,
    /// How the message ends.
    pub status: Option<FinalStatus>,
    /// Twilio error code of the failure.
    pub error_code: Option<u32>,
    /// Text of the failure; Twilio's own text for known codes unless given.
    pub error_message: Option<String>,
    /// The create call is refused instead.
    pub create_error: Option<CreateError>,
}

impl Simulation {
    /// Arms an outcome for the next message. Several wait in order.
    ///
    /// # Errors
    /// The outcome is not complete or contradicts itself.
    pub fn arm_outcome(&self, wanted: ArmOutcome) -> Result<ArmedOutcome, ControlError> {
        let invalid = |text: &str| Err(ControlError::Invalid(text.to_owned()));
        let to = match &wanted.to {
            None => None,
            Some(given) => Some(
                normalize_phone_number(given)
                    .ok_or_else(|| ControlError::no_phone_number("to", given))?,
            ),
        };
        let kind = match (wanted.status, wanted.create_error) {
            (Some(_), Some(_)) | (None, None) => {
                return invalid("exactly one of status and create_error is needed");
            }
            (None, Some(error)) if !(400..=599).contains(&error.status) => {
                return invalid("create_error.status must be 400 to 599");
            }
            (None, Some(error)) => OutcomeKind::CreateError(error),
            (Some(FinalStatus::Delivered), None) if wanted.error_code.is_some() => {
                return invalid("a delivered message has no error_code");
            }
            (Some(FinalStatus::Failed | FinalStatus::Undelivered), None)
                if wanted.error_code.is_none() =>
            {
                return invalid("a failure needs an error_code, for instance 30006");
            }
            (Some(status), None) => OutcomeKind::Finish {
                status,
                error_message: wanted.error_message.or_else(|| {
                    wanted
                        .error_code
                        .and_then(delivery_error_text)
                        .map(str::to_owned)
                }),
                error_code: wanted.error_code,
            },
        };
        let outcome = ArmedOutcome { to, kind };
        let mut state = self.state();
        if state.outcomes.len() >= MAX_OUTCOMES {
            return invalid("too many outcomes are armed");
        }
        state.outcomes.push_back(outcome.clone());
        drop(state);
        self.notify(Notice::Settings);
        Ok(outcome)
    }

    /// Disarms every outcome.
    pub fn clear_outcomes(&self) {
        self.state().outcomes.clear();
        self.notify(Notice::Settings);
    }

    /// The outcomes that wait, first one first.
    #[must_use]
    pub fn outcomes(&self) -> Vec<ArmedOutcome> {
        self.state().outcomes.iter().cloned().collect()
    }

    /// Changes some of the timing, and gives all of it. What waits already keeps its time.
    pub fn update_timing(&self, update: TimingUpdate) -> Timing {
        let timing = {
            let mut state = self.state();
            state.timing = update.apply_to(state.timing);
            state.timing
        };
        self.deliveries.wake();
        self.notify(Notice::Settings);
        timing
    }

    /// The timing in force.
    #[must_use]
    pub fn timing(&self) -> Timing {
        self.state().timing
    }

    /// Forgets everything, and begins again as configured.
    pub fn reset(&self) {
        self.state().reset(self.seed_timing());
        self.lifecycle.clear();
        self.deliveries.clear();
        self.deliveries.wake();
        if let Err(error) = self.add_seed_account() {
            tracing::error!(%error, "the configured account could not be added again");
        }
        self.notify(Notice::Reset);
    }
}
