use std::sync::Arc;

use chrono::Utc;

use crate::delivery::lifecycle_plan::PlannedStatus;
use crate::delivery::{Delivery, InboundMessage, LifecycleStep};
use crate::model::{Message, MessageOrigin, MessageStatus, StatusChange};
use crate::simulation::{Notice, Simulation};
use crate::store::{AccountState, State};
use crate::wire::count_segments;

/// Status changes made in one go.
const TAKE: usize = 1_000;

/// Twilio's price of a segment to the US, in units of a hundred thousandth of a dollar.
const SEGMENT_PRICE: u32 = 790;

/// Moves messages on until the simulation stops.
pub(crate) async fn run_lifecycle_worker(simulation: Arc<Simulation>) {
    let stopped = simulation.shutdown.clone();
    stopped
        .run_until_cancelled(async {
            loop {
                simulation.lifecycle.wait_until_due().await;
                for step in simulation.lifecycle.take_due(TAKE) {
                    simulation.take_step(step);
                    simulation.lifecycle.finish(1);
                }
            }
        })
        .await;
}

impl Simulation {
    /// Gives a message its next status and tells everyone who wants to know.
    fn take_step(&self, mut step: LifecycleStep) {
        let Some(planned) = step.plan.pop_front() else {
            return;
        };
        let Some((message, deliveries)) = change_status(&mut self.state(), &step, planned) else {
            return;
        };
        self.notify(Notice::Message(Box::new(message.clone())));
        self.enqueue_deliveries(deliveries);
        if message.status == MessageStatus::Delivered {
            self.arrive_at_account_number(&message);
        }
        self.schedule_step(step);
    }

    /// A text to a number that some account owns arrives there as a message of its own.
    fn arrive_at_account_number(&self, message: &Message) {
        let owner = self.state().owners.get(&message.to).cloned();
        if let (Some(account_sid), Some(from)) = (owner, message.from.clone()) {
            self.receive_inbound(InboundMessage {
                account_sid,
                from,
                to: message.to.clone(),
                body: message.body.clone(),
                media_urls: message.media.iter().map(|one| one.url.clone()).collect(),
                origin: MessageOrigin::OtherNumber,
            });
        }
    }
}

fn change_status(
    state: &mut State,
    step: &LifecycleStep,
    planned: PlannedStatus,
) -> Option<(Message, Vec<Delivery>)> {
    if state.generation != step.generation {
        return None;
    }
    let timing = state.timing;
    let account = state.accounts.get_mut(&step.account_sid)?;
    let sender = picked_sender(account, step);
    let message = account.messages.get_mut(&step.message_sid)?;
    let now = Utc::now();
    if message.from.is_none() {
        message.from = sender;
    }
    message.num_segments = message.num_segments.max(count_segments(&message.body));
    message.status = planned.status;
    message.error_code = planned.error_code;
    message.error_message = planned.error_message;
    message.date_updated = now;
    if planned.status == MessageStatus::Sent {
        message.date_sent = Some(now);
        let price = SEGMENT_PRICE * message.num_segments;
        message.price = Some(format!("-{}.{:05}", price / 100_000, price % 100_000));
    }
    message.history.push(StatusChange {
        status: planned.status,
        at: now,
    });
    let message = message.clone();
    let mut deliveries = account.status_events(&message, step.generation, timing.hold_back_body);
    deliveries.extend(message.status_callback_delivery(step.generation));
    let items = deliveries.iter().flat_map(|delivery| &delivery.items);
    state.first_attempts.expect(items);
    Some((message, deliveries))
}

/// The number that a Messaging Service sends with: the first of its pool.
fn picked_sender(account: &AccountState, step: &LifecycleStep) -> Option<String> {
    let message = account.messages.get(step.message_sid.as_str())?;
    let service_sid = message.messaging_service_sid.as_ref()?;
    let service = account
        .messaging_services
        .iter()
        .find(|service| service.sid == *service_sid)?;
    service.phone_numbers.first().cloned()
}
