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
    ui::{Clock, use_clock},
};

/// When the server does not answer, the next try without news from the link.
const RETRY_AFTER_MS: u32 = 5_000;
/// A server that goes away takes this long to be noticed by the link.
const NOTICE_MS: u32 = 1_000;

/// Texts on their way to the server, in order, one at a time.
#[derive(Clone, Copy, PartialEq)]
pub struct Outbox {
    messages: Signal<Vec<OutgoingMessage>>,
    /// The server did not answer: wait for the link, or [`RETRY_AFTER_MS`].
    held: Signal<bool>,
    connection: Signal<ConnectionState>,
    session: Session,
    clock: Clock,
}

/// Provides the [`Outbox`] to all that is below, and sends what is put into it.
pub fn use_outbox_provider() -> Outbox {
    let connection = use_context::<RealtimeContext>().connection;
    let (session, clock) = (use_session(), use_clock());
    let outbox = use_context_provider(|| Outbox {
        messages: Signal::new(Vec::new()),
        held: Signal::new(false),
        connection,
        session,
        clock,
    });
    use_effect(move || outbox.send_next());
    outbox
}

/// The texts on their way.
pub fn use_outbox() -> Outbox {
    use_context()
}

impl Outbox {
    /// Puts a text on its way to a contact.
    pub fn send(mut self, contact_id: ContactId, phone_number_id: PhoneNumberId, body: String) {
        let created_at = self.clock.instant();
        self.messages.write().push(OutgoingMessage {
            client_key: browser::random_id(),
            contact_id,
            phone_number_id,
            body,
            sent_by_name: self.session.user().name,
            created_at,
            state: OutgoingState::Waiting,
        });
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

    /// Forgets what the thread has got as messages.
    pub fn settle(mut self, thread: &[Message]) {
        let arrived = |outgoing: &OutgoingMessage| {
            thread
                .iter()
                .any(|message| message.client_key == Some(outgoing.client_key))
                && outgoing.state != OutgoingState::Sending
        };
        if self.messages.read().iter().any(arrived) {
            self.messages.write().retain(|outgoing| !arrived(outgoing));
        }
    }

    fn send_next(self) {
        let connection = (self.connection)();
        if connection == ConnectionState::Live && *self.held.peek() {
            self.release();
        }
        if connection == ConnectionState::Offline || (self.held)() {
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
        let key = message.client_key;
        let answer = send_message_api(ApiJson(SendMessageIn {
            contact_id: Some(message.contact_id),
            to: None,
            body: message.body,
            phone_number_id: message.phone_number_id,
            client_key: Some(key),
        }))
        .await;
        match answer {
            Ok(message) => self.set_state(key, OutgoingState::Accepted(Box::new(message))),
            Err(AppError::Unavailable) => self.unanswered(key).await,
            Err(error) => {
                self.session.ended_by(&error);
                self.set_state(key, OutgoingState::Failed(error.to_string()));
            }
        }
    }

    /// Without a link the text waits for one; with a link, it is this send that fails.
    async fn unanswered(mut self, key: Uuid) {
        browser::sleep(NOTICE_MS).await;
        if *self.connection.peek() == ConnectionState::Live {
            let reason = AppError::Unavailable.to_string();
            return self.set_state(key, OutgoingState::Failed(reason));
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
        let mut messages = self.messages.write();
        if let Some(message) = messages
            .iter_mut()
            .find(|message| message.client_key == key)
        {
            message.state = state;
        }
    }
}
