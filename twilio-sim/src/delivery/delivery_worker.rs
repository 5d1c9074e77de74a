use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::delivery::attempt_delivery::attempt_delivery;
use crate::delivery::{Delivery, DeliveryTarget};
use crate::model::Sid;
use crate::simulation::Simulation;

/// Requests under way at the same time: enough for a load test, few enough for sockets.
const MAX_IN_FLIGHT: usize = 64;
/// Deliveries looked at in one go.
const TAKE: usize = 1_000;
/// Events in one request of a sink with `batch_events`. Twilio does not document its limit.
const LARGEST_BATCH: usize = 100;

/// Sends what is due until the simulation stops, then waits for the requests under way.
pub(crate) async fn run_delivery_worker(simulation: Arc<Simulation>) {
    let slots = Arc::new(Semaphore::new(MAX_IN_FLIGHT));
    let attempts = TaskTracker::new();
    let stopped = simulation.shutdown.clone();
    stopped
        .run_until_cancelled(send_what_is_due(&simulation, &slots, &attempts))
        .await;
    attempts.close();
    attempts.wait().await;
}

async fn send_what_is_due(
    simulation: &Arc<Simulation>,
    slots: &Arc<Semaphore>,
    attempts: &TaskTracker,
) {
    loop {
        simulation.deliveries.wait_until_due().await;
        if simulation.state().timing.delivery_paused {
            simulation.deliveries.wait_for_change().await;
            continue;
        }
        let taken = simulation.deliveries.take_due(TAKE);
        let count = taken.len();
        let merged = merge_batches(taken);
        simulation.deliveries.finish(count - merged.len());
        for delivery in merged {
            // The semaphore is never closed.
            let Ok(slot) = Arc::clone(slots).acquire_owned().await else {
                return;
            };
            let simulation = Arc::clone(simulation);
            attempts.spawn(async move {
                attempt_delivery(&simulation, delivery).await;
                simulation.deliveries.finish(1);
                drop(slot);
            });
        }
    }
}

/// Joins events that may share a request, also where something else stands between them: requests
/// go out side by side, so nothing is promised of their order.
fn merge_batches(deliveries: Vec<Delivery>) -> Vec<Delivery> {
    let mut merged: Vec<Delivery> = Vec::with_capacity(deliveries.len());
    let mut open: HashMap<Sid, usize> = HashMap::new();
    for delivery in deliveries {
        let subscription = match &delivery.target {
            DeliveryTarget::Subscription { sid, batch: true } => Some(sid.clone()),
            _ => None,
        };
        let place = subscription.as_ref().and_then(|sid| open.get(sid).copied());
        let alone = match place.and_then(|place| merged.get_mut(place)) {
            Some(last) => last.merge(delivery, LARGEST_BATCH).err(),
            None => Some(Box::new(delivery)),
        };
        if let Some(alone) = alone {
            open.extend(subscription.map(|sid| (sid, merged.len())));
            merged.push(*alone);
        }
    }
    merged
}
