use chrono::Utc;
use tokio::time::Instant;

use crate::delivery::Delivery;
use crate::simulation::{Notice, Simulation};
use crate::store::{AttemptOutcome, DeliveryAttempt};

impl Simulation {
    /// Queues deliveries after the delay that is set. One that finds no room is logged as expired.
    pub(crate) fn enqueue_deliveries(&self, deliveries: Vec<Delivery>) {
        if deliveries.is_empty() {
            return;
        }
        let due = Instant::now() + self.state().timing.event_delay();
        for delivery in deliveries {
            let (account_sid, kind) = (delivery.account_sid.clone(), delivery.kind());
            let items = delivery.items.clone();
            if self.deliveries.push(due, delivery).is_ok() {
                continue;
            }
            let attempt = self.state().attempts.push(|seq| DeliveryAttempt {
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
            });
            self.notify(Notice::Delivery(Box::new(attempt)));
        }
    }
}
