use crate::store::DeliveryKind;

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptResult {
    /// The receiver answered with this status.
    Answered(u16),
    /// No connection could be made.
    NotConnected,
    /// There was a connection but no answer in time.
    NoAnswer,
}

/// What Twilio does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Done.
    Delivered,
    /// Try again later.
    Retry,
    /// Give up.
    Discard,
}

/// Attempts of a form: Twilio tries to connect twice and does not retry durably.
const CALLBACK_ATTEMPTS: u32 = 2;

/// Twilio's rules. Event Streams: 429, 5xx, time-outs and broken connections are retried, every
/// other answer that is not 2xx discards the event. Forms (status callbacks and texts): only a
/// failed connection is tried again, once.
pub(crate) fn judge_attempt(kind: DeliveryKind, result: AttemptResult, attempt: u32) -> Verdict {
    match (kind, result) {
        (_, AttemptResult::Answered(200..=299)) => Verdict::Delivered,
        (DeliveryKind::Event, AttemptResult::Answered(429 | 500..=599)) => Verdict::Retry,
        (_, AttemptResult::Answered(_)) => Verdict::Discard,
        (DeliveryKind::Event, AttemptResult::NotConnected | AttemptResult::NoAnswer) => {
            Verdict::Retry
        }
        (
            DeliveryKind::StatusCallback | DeliveryKind::InboundWebhook,
            AttemptResult::NotConnected,
        ) if attempt < CALLBACK_ATTEMPTS => Verdict::Retry,
        (DeliveryKind::StatusCallback | DeliveryKind::InboundWebhook, _) => Verdict::Discard,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_retried_after_429_5xx_and_no_answer_and_discarded_after_any_other_4xx() {
        let judge = |result| judge_attempt(DeliveryKind::Event, result, 40);
        for status in [200, 202, 204] {
            assert_eq!(judge(AttemptResult::Answered(status)), Verdict::Delivered);
        }
        for status in [429, 500, 502, 503, 599] {
            assert_eq!(judge(AttemptResult::Answered(status)), Verdict::Retry);
        }
        for status in [301, 400, 401, 403, 404, 409, 413, 422] {
            assert_eq!(judge(AttemptResult::Answered(status)), Verdict::Discard);
        }
        assert_eq!(judge(AttemptResult::NotConnected), Verdict::Retry);
        assert_eq!(judge(AttemptResult::NoAnswer), Verdict::Retry);
    }

    #[test]
    fn a_status_callback_is_tried_twice_and_only_if_no_connection_was_made() {
        let judge = |result, attempt| judge_attempt(DeliveryKind::StatusCallback, result, attempt);
        assert_eq!(judge(AttemptResult::NotConnected, 1), Verdict::Retry);
        assert_eq!(judge(AttemptResult::NotConnected, 2), Verdict::Discard);
        assert_eq!(judge(AttemptResult::Answered(503), 1), Verdict::Discard);
        assert_eq!(judge(AttemptResult::NoAnswer, 1), Verdict::Discard);
    }
}
