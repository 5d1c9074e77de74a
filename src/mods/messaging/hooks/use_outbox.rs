use dioxus::{core::spawn_forever, prelude::*};
use uuid::Uuid;

use crate::{
    bases::{
        api_json::ApiJson,
        browser,
        error::AppError,
        ids::{ContactId, PhoneNumberId},
        realtime::{ConnectionState, RealtimeContext},
    },
    mods::{
        auth::hooks::{Session, use_session},
        messaging::{
            api::send_message_api,
            types::{Message, OutgoingMessage, OutgoingState, SendMessageIn},
        },
    },
    ui::{Clock, use_clock, use_window_event},
};

/// When the server does not answer, the next try without news from the link.
const RETRY_AFTER_MS: u32 = 5_000;
/// A server that goes away takes this long to be noticed by the link.
const NOTICE_MS: u32 = 1_000;

/// Why a text was not sent that nothing is wrong with.
const STILL_HERE: &str = "The server had a problem. Your text is still here, try again.";

/// Texts on their way to the server, in order, one at a time.
///
/// Each stands in the browser's storage until the server has it, under its `client_key`, and is
/// found there after a reload, a crash or an end of the session, by whichever window comes first.
/// If two windows send it, it is one message to the server.
#[derive(Clone, Copy, PartialEq)]
pub struct Outbox {
    pub(super) messages: Signal<Vec<OutgoingMessage>>,
    /// The server did not answer: wait for the link, or [`RETRY_AFTER_MS`].
    held: Signal<bool>,
    realtime: RealtimeContext,
    pub(super) session: Session,
    pub(super) clock: Clock,
}

/// Provides the [`Outbox`] to all that is below, and sends what is put into it.
pub fn use_outbox_provider() -> Outbox {
    let realtime = use_context::<RealtimeContext>();
    let (session, clock) = (use_session(), use_clock());
    let outbox = use_context_provider(|| Outbox {
        messages: Signal::new(Vec::new()),
        held: Signal::new(false),
        realtime,
        session,
        clock,
    });
    // At the start, and with each new link: another window may have ended with unsent texts.
    use_effect(move || {
        // A link that is back may have missed nothing.
        let _ = ((realtime.missed)(), (realtime.connection)());
        outbox.find_kept();
    });
    use_window_event("storage", move || outbox.drop_settled_elsewhere());
    use_effect(move || outbox.send_next());
    outbox
}

/// The texts on their way.
pub fn use_outbox() -> Outbox {
    use_context()
}

impl Outbox {
    /// Puts a text on its way to a contact.
    pub fn send(
        mut self,
        client_key: Uuid,
        contact_id: ContactId,
        phone_number_id: PhoneNumberId,
        body: String,
    ) {
        let message = OutgoingMessage {
            client_key,
            contact_id,
            phone_number_id,
            body,
            sent_by_name: self.session.user().name,
            created_at: self.clock.instant(),
            is_kept: false,
            state: OutgoingState::Waiting,
        };
        let message = self.keep(message);
        self.messages.write().push(message);
    }

    /// Takes one that was not sent off its way; gives its text.
    pub fn take_back(mut self, client_key: Uuid) -> Option<String> {
        let outbox = self;
        let mut messages = self.messages.write();
        let at = messages
            .iter()
            .position(|message| message.client_key == client_key)?;
        let message = messages.remove(at);
        outbox.forget(client_key);
        Some(message.body)
    }

    /// Tries a failed one again, as the same send.
    pub fn retry(self, client_key: Uuid) {
        self.set_state(client_key, OutgoingState::Waiting);
    }

    /// The texts on their way to a contact, first to last.
    pub fn to(self, contact_id: ContactId) -> Vec<OutgoingMessage> {
        let messages = self.messages.read();
        messages
            .iter()
            .filter(|message| message.contact_id == contact_id)
            .cloned()
            .collect()
    }

    /// Whether a text to a contact that the server does not have would be lost with the page.
    pub fn has_unkept(self, contact_id: ContactId) -> bool {
        self.messages.read().iter().any(|message| {
            message.contact_id == contact_id
                && !message.is_kept
                && !matches!(message.state, OutgoingState::Accepted(_))
        })
    }

    /// Forgets what the thread has got as messages.
    pub fn settle(mut self, thread: &[Message]) {
        let arrived = |outgoing: &OutgoingMessage| {
            thread
                .iter()
                .any(|message| message.client_key == Some(outgoing.client_key))
                && outgoing.state != OutgoingState::Sending
        };
        let outbox = self;
        if self.messages.read().iter().any(arrived) {
            self.messages.write().retain(|outgoing| {
                let settled = arrived(outgoing);
                if settled {
                    outbox.forget(outgoing.client_key);
                }
                !settled
            });
        }
    }

    pub(super) fn state_of(self, client_key: Uuid) -> Option<OutgoingState> {
        let messages = self.messages.peek();
        messages
            .iter()
            .find(|message| message.client_key == client_key)
            .map(|message| message.state.clone())
    }

    fn send_next(self) {
        let connection = (self.realtime.connection)();
        if connection == ConnectionState::Live && *self.held.peek() {
            self.release();
        }
        if connection == ConnectionState::Offline || (self.held)() || self.session.is_over() {
            return;
        }
        let next = {
            let messages = self.messages.read();
            if messages
                .iter()
                .any(|message| message.state == OutgoingState::Sending)
            {
                return;
            }
            messages
                .iter()
                .find(|message| message.state == OutgoingState::Waiting)
                .cloned()
        };
        if let Some(message) = next {
            self.set_state(message.client_key, OutgoingState::Sending);
            spawn_forever(self.deliver(message));
        }
    }

    async fn deliver(self, message: OutgoingMessage) {
        let (key, body) = (message.client_key, message.body.clone());
        let answer = send_message_api(ApiJson(SendMessageIn {
            contact_id: Some(message.contact_id),
            to: None,
            body: message.body,
            phone_number_id: message.phone_number_id,
            client_key: Some(key),
        }))
        .await;
        match answer {
            Ok(taken) if taken.body.as_deref() != Some(&body) => self.send_under_new_key(key),
            Ok(taken) => self.set_state(key, OutgoingState::Accepted(Box::new(taken))),
            Err(AppError::Unavailable) => self.unanswered(key).await,
            // The page goes. It is kept, and found again after signing in.
            Err(error) if self.session.ended_by(&error) => {}
            Err(error) => {
                let reason = match error {
                    AppError::Internal => STILL_HERE.to_owned(),
                    error => error.to_string(),
                };
                self.set_state(key, OutgoingState::Failed(reason));
            }
        }
    }

    /// The page was sent as a form with another text, under the key that it came with.
    fn send_under_new_key(mut self, key: Uuid) {
        let outbox = self;
        let mut messages = self.messages.write();
        if let Some(message) = messages
            .iter_mut()
            .find(|message| message.client_key == key)
        {
            outbox.forget(key);
            message.client_key = browser::random_id();
            message.state = OutgoingState::Waiting;
            *message = outbox.keep(message.clone());
        }
    }

    /// Without a link the text waits for one; with a link, it is this send that fails.
    async fn unanswered(mut self, key: Uuid) {
        browser::sleep(NOTICE_MS).await;
        if *self.realtime.connection.peek() == ConnectionState::Live {
            return self.set_state(key, OutgoingState::Failed(STILL_HERE.to_owned()));
        }
        self.held.set(true);
        self.set_state(key, OutgoingState::Waiting);
        browser::sleep(RETRY_AFTER_MS).await;
        self.release();
    }

    fn release(mut self) {
        if *self.held.peek() {
            self.held.set(false);
        }
    }

    fn set_state(mut self, key: Uuid, state: OutgoingState) {
        let outbox = self;
        let mut messages = self.messages.write();
        if let Some(message) = messages
            .iter_mut()
            .find(|message| message.client_key == key)
        {
            message.state = state;
            match message.state {
                OutgoingState::Accepted(_) => outbox.forget(key),
                // As good as waiting until the server says otherwise.
                OutgoingState::Sending => {}
                OutgoingState::Waiting | OutgoingState::Failed(_) => {
                    *message = outbox.keep(message.clone());
                }
            }
        }
    }
}
