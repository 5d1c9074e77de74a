use std::cmp::Reverse;

use chrono::{DateTime, Utc};

use crate::entities::states::MessageStatus;

/// The delivery state of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryState {
    pub status: MessageStatus,
    pub error_code: Option<i32>,
    pub error_message: Option<String>,
    pub sent_at: Option<DateTime<Utc>>,
    pub delivered_at: Option<DateTime<Utc>>,
}

/// A delivery report, which may come in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusReport {
    pub status: MessageStatus,
    pub error_code: Option<i32>,
    pub error_message: Option<String>,
    pub at: DateTime<Utc>,
}

/// The state after the report. It only moves forward: every order of the same reports, with any
/// repetition, ends in the same state. An error code is never erased.
///
/// Twilio promises no order and delivers more than once (Event Streams, "delivery and
/// duplication"). Of two contradicting terminal reports, the one nearer to the customer's screen
/// wins.
pub fn advance_message_status_util(state: &DeliveryState, news: &StatusReport) -> DeliveryState {
    if state.status == MessageStatus::Received {
        return state.clone();
    }
    let status = if rank(news.status) > rank(state.status) {
        news.status
    } else {
        state.status
    };
    let (error_code, error_message) = keep_error(state, news);
    DeliveryState {
        status,
        error_code,
        error_message,
        sent_at: earliest(
            state.sent_at,
            (news.status == MessageStatus::Sent).then_some(news.at),
        ),
        delivered_at: earliest(
            state.delivered_at,
            (news.status == MessageStatus::Delivered).then_some(news.at),
        ),
    }
}

/// The lattice `queued < sending < sent < failed < undelivered < delivered < read`.
fn rank(status: MessageStatus) -> u8 {
    match status {
        MessageStatus::Queued => 0,
        MessageStatus::Sending => 1,
        MessageStatus::Sent => 2,
        MessageStatus::Failed => 3,
        MessageStatus::Undelivered => 4,
        MessageStatus::Delivered => 5,
        MessageStatus::Read => 6,
        // Says nothing about an outbound message.
        MessageStatus::Received => 0,
    }
}

/// The lowest code wins, and for equal codes (or none, if it was not Twilio that refused) the
/// longest text. So the order of two reports does not matter, and one without words erases none.
fn keep_error(state: &DeliveryState, news: &StatusReport) -> (Option<i32>, Option<String>) {
    let weight = |code: Option<i32>, words: &Option<String>| {
        let length = words.as_ref().map(String::len);
        (code.map(Reverse), length, words.clone())
    };
    let before = weight(state.error_code, &state.error_message);
    let told = weight(news.error_code, &news.error_message);
    let (code, _, words) = before.max(told);
    (code.map(|Reverse(code)| code), words)
}

fn earliest(a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    a.into_iter().chain(b).min()
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    fn queued() -> DeliveryState {
        DeliveryState {
            status: MessageStatus::Queued,
            error_code: None,
            error_message: None,
            sent_at: None,
            delivered_at: None,
        }
    }

    fn any_news() -> impl Strategy<Value = StatusReport> {
        use MessageStatus::{Delivered, Failed, Queued, Read, Sending, Sent, Undelivered};
        let status = select(vec![
            Queued,
            Sending,
            Sent,
            Delivered,
            Undelivered,
            Failed,
            Read,
        ]);
        let error = select(vec![None, Some(30_003), Some(30_008), Some(30_034)]);
        let text = select(vec![None, Some("a".to_owned()), Some("bb".to_owned())]);
        (status, error, text, 0..1_000_i64).prop_map(|(status, error_code, text, seconds)| {
            StatusReport {
                status,
                error_code,
                error_message: text,
                at: DateTime::from_timestamp(seconds, 0).expect("in range"),
            }
        })
    }

    fn apply<'a>(news: impl IntoIterator<Item = &'a StatusReport>) -> DeliveryState {
        news.into_iter().fold(queued(), |state, news| {
            advance_message_status_util(&state, news)
        })
    }

    proptest! {
        #[test]
        fn every_order_and_repetition_ends_in_the_same_state(
            (ordered, shuffled) in prop::collection::vec(any_news(), 0..8)
                .prop_flat_map(|news| (Just(news.clone()), Just(news).prop_shuffle())),
            repeats in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let mut with_repeats = shuffled.clone();
            if !shuffled.is_empty() {
                with_repeats.extend(repeats.iter().map(|i| i.get(&shuffled).clone()));
            }
            prop_assert_eq!(apply(&ordered), apply(&with_repeats));
        }

        #[test]
        fn a_status_never_goes_back_and_an_error_is_never_erased(
            news in prop::collection::vec(any_news(), 1..8),
        ) {
            let mut state = queued();
            for one in &news {
                let next = advance_message_status_util(&state, one);
                prop_assert!(rank(next.status) >= rank(state.status));
                prop_assert!(state.error_code.is_none() || next.error_code.is_some());
                let words = (&one.error_message, &next.error_message);
                let is_lost = words.0.is_some() && words.1.is_none();
                prop_assert!(!is_lost || next.error_code != one.error_code);
                state = next;
            }
        }
    }

    #[test]
    fn a_received_message_stays_received() {
        let received = DeliveryState {
            status: MessageStatus::Received,
            ..queued()
        };
        let news = StatusReport {
            status: MessageStatus::Delivered,
            error_code: None,
            error_message: None,
            at: DateTime::UNIX_EPOCH,
        };
        assert_eq!(advance_message_status_util(&received, &news), received);
    }
}
