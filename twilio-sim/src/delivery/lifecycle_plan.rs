use std::collections::VecDeque;
use std::time::Duration;

use crate::model::{FinalStatus, MessageStatus, Sid};
use crate::timing::Timing;

/// How a message ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finish {
    pub status: FinalStatus,
    pub error_code: Option<u32>,
    pub error_message: Option<String>,
}

impl Finish {
    /// The phone gets it.
    pub fn delivered() -> Self {
        Self {
            status: FinalStatus::Delivered,
            error_code: None,
            error_message: None,
        }
    }
}

/// One coming status of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlannedStatus {
    /// Wait since the status before it.
    pub after: Duration,
    pub status: MessageStatus,
    pub error_code: Option<u32>,
    pub error_message: Option<String>,
}

/// A message with the statuses that it still has to take, in order; never empty.
#[derive(Debug, Clone)]
pub(crate) struct LifecycleStep {
    /// The state's generation when it was made; an older one is dropped.
    pub generation: u64,
    pub account_sid: Sid,
    pub message_sid: Sid,
    pub plan: VecDeque<PlannedStatus>,
}

/// The statuses after the initial one. `failed` comes without `sent`: the carrier never had it.
pub(crate) fn plan_lifecycle(
    initial: MessageStatus,
    finish: Finish,
    timing: &Timing,
) -> VecDeque<PlannedStatus> {
    let plain = |after, status| PlannedStatus {
        after,
        status,
        error_code: None,
        error_message: None,
    };
    let mut plan = VecDeque::new();
    if initial == MessageStatus::Accepted {
        plan.push_back(plain(Duration::ZERO, MessageStatus::Queued));
    }
    let (after, status) = match finish.status {
        FinalStatus::Failed => (timing.sent_after(), MessageStatus::Failed),
        FinalStatus::Undelivered => (timing.delivered_after(), MessageStatus::Undelivered),
        FinalStatus::Delivered => (timing.delivered_after(), MessageStatus::Delivered),
    };
    if finish.status != FinalStatus::Failed {
        plan.push_back(plain(timing.sent_after(), MessageStatus::Sent));
    }
    plan.push_back(PlannedStatus {
        after,
        status,
        error_code: finish.error_code,
        error_message: finish.error_message,
    });
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statuses(initial: MessageStatus, status: FinalStatus) -> Vec<&'static str> {
        let finish = Finish {
            status,
            error_code: None,
            error_message: None,
        };
        plan_lifecycle(initial, finish, &Timing::default())
            .iter()
            .map(|planned| planned.status.as_str())
            .collect()
    }

    #[test]
    fn a_message_takes_the_statuses_that_twilio_gives_it() {
        use MessageStatus::{Accepted, Queued};
        assert_eq!(
            statuses(Queued, FinalStatus::Delivered),
            ["sent", "delivered"]
        );
        assert_eq!(
            statuses(Queued, FinalStatus::Undelivered),
            ["sent", "undelivered"]
        );
        assert_eq!(statuses(Queued, FinalStatus::Failed), ["failed"]);
        assert_eq!(
            statuses(Accepted, FinalStatus::Delivered),
            ["queued", "sent", "delivered"]
        );
    }
}
