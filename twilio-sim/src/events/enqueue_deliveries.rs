use chrono::Utc;
use tokio::time::Instant;

use crate::delivery::{Delivery, DeliveryTarget};
use crate::faults::{DeliveryFaults, FaultTarget, Occasion};
use crate::simulation::{Notice, Simulation};
use crate::store::{AttemptOutcome, DeliveryAttempt};

impl Simulation {
    /// Queues deliveries after the delay that is set, as far as armed faults let them. One that
    /// finds no room is logged as expired.
    pub(crate) fn enqueue_deliveries(&self, deliveries: Vec<Delivery>) {
        if deliveries.is_empty() {
            return;
        }
        let now = Instant::now();
        for delivery in deliveries {
            let faults = self.delivery_faults(&delivery);
            if faults.dropped {
                self.state().first_attempts.made(&delivery.items);
                continue;
            }
            let due = self.first_attempt_due(&delivery, now) + faults.delay;
            for pause in faults.copies {
                let copy = Delivery {
                    is_copy: true,
                    ..delivery.clone()
                };
                self.queue(due + pause, copy);
            }
            self.queue(due, delivery);
        }
    }

    /// When a delivery goes out if nothing goes wrong. Events for a sink that takes several in one
    /// request wait for each other.
    fn first_attempt_due(&self, delivery: &Delivery, now: Instant) -> Instant {
        let mut state = self.state();
        let earliest = now + state.timing.event_delay();
        let wait = state.timing.batch_wait();
        match &delivery.target {
            DeliveryTarget::Subscription { sid, batch: true } => {
                state.batch_windows.due(sid, earliest, wait)
            }
            _ => earliest,
        }
    }

    fn delivery_faults(&self, delivery: &Delivery) -> DeliveryFaults {
        let target = match delivery.target {
            DeliveryTarget::Subscription { .. } => FaultTarget::Event,
            DeliveryTarget::StatusCallback => FaultTarget::StatusCallback,
            DeliveryTarget::InboundWebhook => FaultTarget::InboundWebhook,
            DeliveryTarget::SinkTest => return DeliveryFaults::default(),
        };
        let item = delivery.items.first();
        self.state().faults.decide_delivery(&Occasion {
            target,
            account_sid: Some(delivery.account_sid.as_str()),
            numbers: Vec::new(),
            subject: item
                .and_then(|item| item.event_id.as_deref())
                .unwrap_or(&delivery.url),
            message_sid: item.and_then(|item| item.message_sid.as_ref()),
        })
    }

    fn queue(&self, due: Instant, delivery: Delivery) {
        let (account_sid, kind) = (delivery.account_sid.clone(), delivery.kind());
        let (items, is_copy) = (delivery.items.clone(), delivery.is_copy);
        if self.deliveries.push(due, delivery).is_ok() {
            return;
        }
        let attempt = {
            let mut state = self.state();
            if !is_copy {
                state.first_attempts.made(&items);
            }
            state.attempts.push(|seq| DeliveryAttempt {
                seq,
                at: Utc::now(),
                kind,
                account_sid,
                url: String::new(),
                items,
                attempt: 0,
                http_status: None,
                error: Some("too many deliveries wait; never attempted".to_owned()),
                duration_ms: 0,
                outcome: AttemptOutcome::Expired,
                retry_in_ms: None,
            })
        };
        self.notify(Notice::Delivery(Box::new(attempt)));
    }
}
