use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Every delay and limit of the simulated network, so that a test can compress hours into
/// milliseconds. The defaults of the retry rules are Twilio's where Twilio documents them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Timing {
    /// Milliseconds from `queued` to `sent`.
    pub sent_after_ms: u64,
    /// Milliseconds from `sent` to `delivered` or `undelivered`.
    pub delivered_after_ms: u64,
    /// Milliseconds that every event and status callback waits before its first attempt.
    pub event_delay_ms: u64,
    /// Milliseconds that the first event of a batch waits for others, at a sink with `batch_events`.
    pub batch_wait_ms: u64,
    /// Milliseconds before the first retry of an event; doubles each time.
    pub retry_base_ms: u64,
    /// Longest pause between two attempts of an event.
    pub retry_max_ms: u64,
    /// How long an event is retried before it is dropped. Twilio: 4 hours.
    pub retry_for_ms: u64,
    /// How long a receiver of events may take to answer. Twilio: 5 seconds.
    pub event_timeout_ms: u64,
    /// How long a receiver of status callbacks may take to answer. Twilio: 15 seconds.
    pub callback_timeout_ms: u64,
    /// Nothing is delivered while true; what happens meanwhile waits.
    pub delivery_paused: bool,
    /// Leave `body` out of outbound events. It is optional in Twilio's schema.
    pub hold_back_body: bool,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            sent_after_ms: 300,
            delivered_after_ms: 900,
            event_delay_ms: 0,
            batch_wait_ms: 50,
            retry_base_ms: 1_000,
            retry_max_ms: 15 * 60 * 1_000,
            retry_for_ms: 4 * 60 * 60 * 1_000,
            event_timeout_ms: 5_000,
            callback_timeout_ms: 15_000,
            delivery_paused: false,
            hold_back_body: false,
        }
    }
}

impl Timing {
    /// No waiting anywhere and retries a few milliseconds apart, for tests.
    #[must_use]
    pub fn instant() -> Self {
        Self {
            sent_after_ms: 0,
            delivered_after_ms: 0,
            batch_wait_ms: 0,
            retry_base_ms: 10,
            retry_max_ms: 200,
            ..Self::default()
        }
    }

    /// Wait before the first attempt of a delivery.
    pub(crate) fn event_delay(&self) -> Duration {
        Duration::from_millis(self.event_delay_ms)
    }

    /// Wait of the first event of a batch.
    pub(crate) fn batch_wait(&self) -> Duration {
        Duration::from_millis(self.batch_wait_ms)
    }

    /// Wait from `queued` to `sent`.
    pub(crate) fn sent_after(&self) -> Duration {
        Duration::from_millis(self.sent_after_ms)
    }

    /// Wait from `sent` to the final status.
    pub(crate) fn delivered_after(&self) -> Duration {
        Duration::from_millis(self.delivered_after_ms)
    }
}

/// A change of some of the settings; what is absent stays as it is.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TimingUpdate {
    /// See [`Timing::sent_after_ms`].
    pub sent_after_ms: Option<u64>,
    /// See [`Timing::delivered_after_ms`].
    pub delivered_after_ms: Option<u64>,
    /// See [`Timing::event_delay_ms`].
    pub event_delay_ms: Option<u64>,
    /// See [`Timing::batch_wait_ms`].
    pub batch_wait_ms: Option<u64>,
    /// See [`Timing::retry_base_ms`].
    pub retry_base_ms: Option<u64>,
    /// See [`Timing::retry_max_ms`].
    pub retry_max_ms: Option<u64>,
    /// See [`Timing::retry_for_ms`].
    pub retry_for_ms: Option<u64>,
    /// See [`Timing::event_timeout_ms`].
    pub event_timeout_ms: Option<u64>,
    /// See [`Timing::callback_timeout_ms`].
    pub callback_timeout_ms: Option<u64>,
    /// See [`Timing::delivery_paused`].
    pub delivery_paused: Option<bool>,
    /// See [`Timing::hold_back_body`].
    pub hold_back_body: Option<bool>,
}

impl TimingUpdate {
    /// The settings after the change. Delays are capped at a day, so that an instant can always
    /// be computed.
    #[must_use]
    pub fn apply_to(&self, timing: Timing) -> Timing {
        const LONGEST_MS: u64 = 24 * 60 * 60 * 1_000;
        let pick = |new: Option<u64>, old: u64| new.map_or(old, |value| value.min(LONGEST_MS));
        Timing {
            sent_after_ms: pick(self.sent_after_ms, timing.sent_after_ms),
            delivered_after_ms: pick(self.delivered_after_ms, timing.delivered_after_ms),
            event_delay_ms: pick(self.event_delay_ms, timing.event_delay_ms),
            batch_wait_ms: pick(self.batch_wait_ms, timing.batch_wait_ms),
            retry_base_ms: pick(self.retry_base_ms, timing.retry_base_ms),
            retry_max_ms: pick(self.retry_max_ms, timing.retry_max_ms),
            retry_for_ms: pick(self.retry_for_ms, timing.retry_for_ms),
            event_timeout_ms: pick(self.event_timeout_ms, timing.event_timeout_ms),
            callback_timeout_ms: pick(self.callback_timeout_ms, timing.callback_timeout_ms),
            delivery_paused: self.delivery_paused.unwrap_or(timing.delivery_paused),
            hold_back_body: self.hold_back_body.unwrap_or(timing.hold_back_body),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_changes_only_what_it_names() {
        let update = TimingUpdate {
            sent_after_ms: Some(7),
            delivery_paused: Some(true),
            ..TimingUpdate::default()
        };
        let expected = Timing {
            sent_after_ms: 7,
            delivery_paused: true,
            ..Timing::default()
        };
        assert_eq!(update.apply_to(Timing::default()), expected);
    }
}
