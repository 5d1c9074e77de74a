use chrono::Utc;
use tokio::time::Instant;

use crate::delivery::lifecycle_plan::plan_lifecycle;
use crate::delivery::{Finish, LifecycleStep};
use crate::model::{
    Media, Message, MessageDirection, MessageOrigin, MessageStatus, Sid, SidPrefix, StatusChange,
};
use crate::simulation::{Notice, Simulation};
use crate::wire::count_segments;

/// A message to be sent, already checked.
#[derive(Debug, Clone)]
pub(crate) struct OutboundMessage {
    pub account_sid: Sid,
    pub direction: MessageDirection,
    /// `None`: the Messaging Service picks one.
    pub from: Option<String>,
    pub to: String,
    pub body: String,
    pub media_urls: Vec<String>,
    pub messaging_service_sid: Option<Sid>,
    pub status_callback: Option<String>,
    pub origin: MessageOrigin,
    pub finish: Finish,
}

impl Simulation {
    /// Puts a message into the account's log and sets it on its way. `None` if the account is
    /// gone.
    pub(crate) fn send_outbound(&self, outbound: OutboundMessage) -> Option<Message> {
        let now = Utc::now();
        let status = if outbound.messaging_service_sid.is_some() {
            MessageStatus::Accepted
        } else {
            MessageStatus::Queued
        };
        let (message, step) = {
            let mut state = self.state();
            // A message's own address wins over that of its Messaging Service.
            let of_service = outbound.messaging_service_sid.as_ref().and_then(|sid| {
                let mut services = state
                    .accounts
                    .get(&outbound.account_sid)?
                    .messaging_services
                    .iter();
                services
                    .find(|one| one.sid == *sid)?
                    .status_callback
                    .clone()
            });
            let message = Message {
                seq: state.next_message_seq(),
                sid: Sid::generate(if outbound.media_urls.is_empty() {
                    SidPrefix::Sms
                } else {
                    SidPrefix::Mms
                }),
                account_sid: outbound.account_sid.clone(),
                direction: outbound.direction,
                num_segments: if status == MessageStatus::Accepted {
                    0
                } else {
                    count_segments(&outbound.body)
                },
                from: outbound.from,
                to: outbound.to,
                body: outbound.body,
                status,
                error_code: None,
                error_message: None,
                num_media: u32::try_from(outbound.media_urls.len()).unwrap_or(u32::MAX),
                media: media_of(outbound.media_urls),
                price: None,
                messaging_service_sid: outbound.messaging_service_sid,
                status_callback: outbound.status_callback.or(of_service),
                date_created: now,
                date_sent: None,
                date_updated: now,
                origin: outbound.origin,
                history: vec![StatusChange { status, at: now }],
            };
            let step = LifecycleStep {
                generation: state.generation,
                account_sid: outbound.account_sid.clone(),
                message_sid: message.sid.clone(),
                plan: plan_lifecycle(status, outbound.finish, &state.timing),
            };
            let account = state.accounts.get_mut(&outbound.account_sid)?;
            account.messages.insert(message.clone());
            (message, step)
        };
        self.notify(Notice::Message(Box::new(message.clone())));
        self.schedule_step(step);
        Some(message)
    }

    /// Queues the next status of a message.
    pub(crate) fn schedule_step(&self, step: LifecycleStep) {
        let Some(next) = step.plan.front() else {
            return;
        };
        let due = Instant::now() + next.after;
        if self.lifecycle.push(due, step).is_err() {
            tracing::warn!("too many messages are on their way; one stays as it is");
        }
    }
}

/// Media records for the given addresses.
pub(crate) fn media_of(urls: Vec<String>) -> Vec<Media> {
    urls.into_iter()
        .map(|url| Media {
            sid: Sid::generate(SidPrefix::Media),
            url,
        })
        .collect()
}
