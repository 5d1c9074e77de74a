use serde_json::Value;
use tokio::time::Instant;

use crate::model::Sid;
use crate::store::{DeliveredItem, DeliveryKind};

/// Who a delivery is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DeliveryTarget {
    /// Events of a subscription; dropped if the subscription is deleted meanwhile.
    Subscription {
        sid: Sid,
        /// Whether several events may share one request.
        batch: bool,
    },
    /// A test event of a sink.
    SinkTest,
    /// The status callback of a message.
    StatusCallback,
    /// The webhook for texts of a number or a Messaging Service.
    InboundWebhook,
}

/// What is sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Payload {
    /// A JSON array of CloudEvents.
    Events(Vec<Value>),
    /// A form.
    Form(Vec<(String, String)>),
    /// The same in the query of a GET.
    Query(Vec<(String, String)>),
}

/// One request that has to reach its receiver.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    /// The state's generation when it was made; an older one is dropped.
    pub generation: u64,
    pub account_sid: Sid,
    pub target: DeliveryTarget,
    /// URL as configured.
    pub url: String,
    pub payload: Payload,
    pub items: Vec<DeliveredItem>,
    /// Attempts made.
    pub attempts: u32,
    /// When the first attempt began.
    pub first_attempt: Option<Instant>,
    /// Sent again by a fault, beside the one that counts.
    pub is_copy: bool,
}

impl Delivery {
    /// Event, status callback or text.
    pub fn kind(&self) -> DeliveryKind {
        match self.target {
            DeliveryTarget::Subscription { .. } | DeliveryTarget::SinkTest => DeliveryKind::Event,
            DeliveryTarget::StatusCallback => DeliveryKind::StatusCallback,
            DeliveryTarget::InboundWebhook => DeliveryKind::InboundWebhook,
        }
    }

    /// Takes over the events of another delivery if both may share one request.
    ///
    /// # Errors
    /// Gives the other back if they may not.
    pub fn merge(&mut self, other: Self, largest_batch: usize) -> Result<(), Box<Self>> {
        let mergeable = matches!(
            self.target,
            DeliveryTarget::Subscription { batch: true, .. }
        ) && self.target == other.target
            && self.url == other.url
            && self.generation == other.generation
            && self.is_copy == other.is_copy
            && self.attempts == 0
            && other.attempts == 0
            && self.items.len() + other.items.len() <= largest_batch;
        match (mergeable, &mut self.payload, other.payload) {
            (true, Payload::Events(mine), Payload::Events(theirs)) => {
                mine.extend(theirs);
                self.items.extend(other.items);
                Ok(())
            }
            (_, _, payload) => Err(Box::new(Self { payload, ..other })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SidPrefix;
    use serde_json::json;

    fn delivery(subscription: &Sid, account: &Sid, batch: bool, name: &str) -> Delivery {
        Delivery {
            generation: 0,
            account_sid: account.clone(),
            target: DeliveryTarget::Subscription {
                sid: subscription.clone(),
                batch,
            },
            url: "http://127.0.0.1/".to_owned(),
            payload: Payload::Events(vec![json!(name)]),
            items: vec![DeliveredItem {
                event_id: Some(name.to_owned()),
                kind: "type".to_owned(),
                message_sid: None,
            }],
            attempts: 0,
            first_attempt: None,
            is_copy: false,
        }
    }

    #[test]
    fn fresh_events_of_a_batching_subscription_share_a_request_up_to_the_limit() {
        let account = Sid::generate(SidPrefix::Account);
        let subscription = Sid::generate(SidPrefix::Subscription);
        let one = |name| delivery(&subscription, &account, true, name);
        let mut first = one("a");
        assert!(first.merge(one("b"), 2).is_ok());
        assert_eq!(first.payload, Payload::Events(vec![json!("a"), json!("b")]));
        assert!(first.merge(one("c"), 2).is_err());
    }

    #[test]
    fn events_of_others_or_without_batching_or_already_tried_stay_alone() {
        let account = Sid::generate(SidPrefix::Account);
        let subscription = Sid::generate(SidPrefix::Subscription);
        let other = Sid::generate(SidPrefix::Subscription);
        let mut single = delivery(&subscription, &account, false, "a");
        assert!(
            single
                .merge(delivery(&subscription, &account, false, "b"), 9)
                .is_err()
        );
        let mut batch = delivery(&subscription, &account, true, "a");
        assert!(
            batch
                .merge(delivery(&other, &account, true, "b"), 9)
                .is_err()
        );
        let retried = Delivery {
            attempts: 1,
            ..delivery(&subscription, &account, true, "b")
        };
        assert!(batch.merge(retried, 9).is_err());
    }
}
