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

impl OutboundMessage {
    /// The message as the account's log shows it at first. Its own address for callbacks wins over
    /// that of its Messaging Service.
    fn message(self, seq: u64, callback_of_service: Option<String>) -> Message {
        let now = Utc::now();
        let (status, num_segments) = if self.messaging_service_sid.is_some() {
            (MessageStatus::Accepted, 0)
        } else {
            (MessageStatus::Queued, count_segments(&self.body))
        };
        Message {
            seq,
            sid: new_message_sid(&self.media_urls),
            account_sid: self.account_sid,
            direction: self.direction,
            num_segments,
            from: self.from,
            to: self.to,
            body: self.body,
            status,
            error_code: None,
            error_message: None,
            num_media: u32::try_from(self.media_urls.len()).unwrap_or(u32::MAX),
            media: media_of(&self.media_urls),
            price: None,
            messaging_service_sid: self.messaging_service_sid,
            status_callback: self.status_callback.or(callback_of_service),
            date_created: now,
            date_sent: None,
            date_updated: now,
            origin: self.origin,
            history: vec![StatusChange { status, at: now }],
        }
    }
}

impl Simulation {
    /// Puts a message into the account's log and sets it on its way. `None` if the account is
    /// gone.
    pub(crate) fn send_outbound(&self, outbound: OutboundMessage) -> Option<Message> {
        let (message, step) = {
            let mut state = self.state();
            let (generation, seq) = (state.generation, state.next_message_seq());
            let timing = state.timing;
            let account = state.accounts.get_mut(&outbound.account_sid)?;
            let callback = outbound
                .messaging_service_sid
                .as_ref()
                .and_then(|sid| {
                    account
                        .messaging_services
                        .iter()
                        .find(|one| one.sid == *sid)
                })
                .and_then(|service| service.status_callback.clone());
            let finish = outbound.finish.clone();
            let message = outbound.message(seq, callback);
            account.messages.insert(message.clone());
            let step = LifecycleStep {
                generation,
                account_sid: message.account_sid.clone(),
                message_sid: message.sid.clone(),
                plan: plan_lifecycle(message.status, finish, &timing),
            };
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

/// The SID of a new message with these files.
pub(crate) fn new_message_sid(media_urls: &[String]) -> Sid {
    Sid::generate(if media_urls.is_empty() {
        SidPrefix::Sms
    } else {
        SidPrefix::Mms
    })
}

/// Media records for the given addresses.
pub(crate) fn media_of(urls: &[String]) -> Vec<Media> {
    urls.iter()
        .map(|url| Media {
            sid: Sid::generate(SidPrefix::Media),
            url: url.clone(),
        })
        .collect()
}
