use chrono::Utc;

use crate::delivery::{Finish, Keyword, OutboundMessage, keyword_of, media_of, new_message_sid};
use crate::model::{Message, MessageDirection, MessageOrigin, MessageStatus, Sid, StatusChange};
use crate::simulation::{Notice, Simulation};
use crate::wire::count_segments;

/// A message that arrives at a number of an account.
#[derive(Debug, Clone)]
pub(crate) struct InboundMessage {
    pub account_sid: Sid,
    pub from: String,
    pub to: String,
    pub body: String,
    pub media_urls: Vec<String>,
    pub origin: MessageOrigin,
}

impl InboundMessage {
    /// The message as the account's log shows it.
    fn message(&self, seq: u64, messaging_service_sid: Option<Sid>) -> Message {
        let now = Utc::now();
        let status = MessageStatus::Received;
        Message {
            seq,
            sid: new_message_sid(&self.media_urls),
            account_sid: self.account_sid.clone(),
            direction: MessageDirection::Inbound,
            from: Some(self.from.clone()),
            to: self.to.clone(),
            num_segments: count_segments(&self.body),
            body: self.body.clone(),
            status,
            error_code: None,
            error_message: None,
            num_media: u32::try_from(self.media_urls.len()).unwrap_or(u32::MAX),
            media: media_of(&self.media_urls),
            price: None,
            messaging_service_sid,
            status_callback: None,
            date_created: now,
            date_sent: Some(now),
            date_updated: now,
            origin: self.origin,
            history: vec![StatusChange { status, at: now }],
        }
    }

    /// Twilio's answer to a keyword.
    fn answer(self, keyword: Keyword) -> OutboundMessage {
        OutboundMessage {
            account_sid: self.account_sid,
            direction: MessageDirection::OutboundReply,
            from: Some(self.to),
            to: self.from,
            body: keyword.reply().to_owned(),
            media_urls: Vec::new(),
            messaging_service_sid: None,
            status_callback: None,
            origin: MessageOrigin::KeywordReply,
            finish: Finish::delivered(),
        }
    }
}

impl Simulation {
    /// Puts a received message into the account's log, tells the account's sinks and the
    /// number's webhook, and acts on STOP, START and HELP as Twilio does. `None` if the account is
    /// gone.
    pub(crate) fn receive_inbound(&self, inbound: InboundMessage) -> Option<Message> {
        let given = keyword_of(&inbound.body).filter(|_| inbound.media_urls.is_empty());
        let (message, keyword, deliveries) = {
            let state = &mut *self.state();
            let (generation, seq) = (state.generation, state.next_message_seq());
            let account = state.accounts.get_mut(&inbound.account_sid)?;
            // START, YES and UNSTOP mean something only to a phone that had opted out.
            let opted_out = account.has_opted_out(&inbound.to, &inbound.from);
            let keyword = given.filter(|keyword| *keyword != Keyword::Start || opted_out);
            let service = account.messaging_service_of(&inbound.to);
            let message = inbound.message(seq, service.map(|service| service.sid.clone()));
            match keyword {
                Some(Keyword::Stop) => account.opt_out(&inbound.to, &inbound.from),
                Some(Keyword::Start) => account.opt_in(&inbound.to, &inbound.from),
                Some(Keyword::Help) | None => {}
            }
            account.messages.insert(message.clone());
            let mut deliveries = account.inbound_events(&message, generation, keyword);
            deliveries.extend(account.inbound_webhook(
                &message,
                generation,
                keyword,
                &state.uploads,
                self.api_base_url(),
            ));
            (message, keyword, deliveries)
        };
        self.notify(Notice::Message(Box::new(message.clone())));
        self.enqueue_deliveries(deliveries);
        if let (Some(keyword), MessageOrigin::Customer) = (keyword, inbound.origin) {
            self.send_outbound(inbound.answer(keyword));
        }
        Some(message)
    }
}
