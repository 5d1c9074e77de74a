use std::collections::BTreeSet;

use dioxus::prelude::*;

use super::{Inbox, use_inbox, use_outbox, use_realtime_messages};
use crate::{
    bases::{
        browser,
        error::AppError,
        ids::{ContactId, MessageId},
        realtime::{
            ConnectionState, RealtimeContext, use_load_start, use_missed_events_since,
            use_realtime_events_since,
        },
    },
    entities::states::MessageDirection,
    mods::{
        auth::hooks::{Outcomes, Session, use_outcomes, use_session},
        messaging::{
            api::{
                dismiss_failures_api, get_conversation_api, list_messages_api,
                mark_conversation_unread_api, retry_message_api,
            },
            types::{Conversation, Message, MessagePage},
            utils::merge_messages_util,
        },
    },
    ui::use_window_event,
};

/// What a thread starts with.
pub type ThreadData = Result<(Conversation, MessagePage), AppError>;

/// Whether the messages above are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OlderState {
    Ready,
    Loading,
    Failed,
}

/// The open thread as this browser knows it; events keep it live.
#[derive(Clone, Copy, PartialEq)]
pub struct Thread {
    pub(super) contact_id: ContactId,
    pub(super) conversation: Signal<Conversation>,
    pub(super) messages: Signal<Vec<Message>>,
    pub(super) next_before: Signal<Option<String>>,
    older: Signal<OlderState>,
    /// The first message that was unread when the thread was opened, and how many there were.
    first_unread: Option<(MessageId, i32)>,
    /// Something came that nobody has seen here. What somebody marked as unread is no news.
    pub(super) has_news: Signal<bool>,
    /// The messages that were heard to have failed since the thread was opened.
    pub(super) failed: Signal<BTreeSet<MessageId>>,
    pub(super) session: Session,
    outcomes: Outcomes,
}

/// Loads what a thread starts with.
pub async fn load_thread(contact_id: ContactId) -> ThreadData {
    let (conversation, page) = futures::future::join(
        get_conversation_api(contact_id),
        list_messages_api(contact_id, None, Some(true)),
    )
    .await;
    Ok((conversation?, page?))
}

/// The thread with a contact, live; being looked at, it counts as read.
pub fn use_thread(conversation: Conversation, page: MessagePage) -> Thread {
    let (session, outcomes) = (use_session(), use_outcomes());
    let (inbox, outbox) = (use_inbox(), use_outbox());
    let thread = use_hook(|| Thread::new(conversation, page, session, outcomes));
    let start = use_load_start();
    use_realtime_messages(start, thread.contact_id, thread.messages);
    use_realtime_events_since(start, move |event| thread.take(event));
    use_missed_events_since(start, move || thread.refresh());
    use_effect(move || outbox.settle(&thread.messages.read()));
    thread.use_reading(inbox);
    thread
}

impl Thread {
    fn new(
        conversation: Conversation,
        page: MessagePage,
        session: Session,
        outcomes: Outcomes,
    ) -> Self {
        Self {
            contact_id: conversation.contact.id,
            first_unread: first_unread(&page.messages, conversation.unread_count),
            has_news: Signal::new(conversation.unread_count > 0),
            failed: Signal::new(BTreeSet::new()),
            conversation: Signal::new(conversation),
            messages: Signal::new(page.messages),
            next_before: Signal::new(page.next_before),
            older: Signal::new(OlderState::Ready),
            session,
            outcomes,
        }
    }

    /// Whom the thread is with.
    pub fn contact_id(self) -> ContactId {
        self.contact_id
    }

    /// The list row of the thread.
    pub fn conversation(self) -> Signal<Conversation> {
        self.conversation
    }

    /// The messages that are loaded, oldest first.
    pub fn messages(self) -> Signal<Vec<Message>> {
        self.messages
    }

    /// Whether the messages above are there.
    pub fn older(self) -> OlderState {
        (self.older)()
    }

    /// The first message that was unread when the thread was opened, and how many there were.
    pub fn first_unread(self) -> Option<(MessageId, i32)> {
        self.first_unread
    }

    /// Whether the message was heard to have failed since the thread was opened.
    pub fn failed_meanwhile(self, message: MessageId) -> bool {
        self.failed.read().contains(&message)
    }

    /// Loads the messages above, unless they are on their way or there are none.
    pub fn load_older(mut self) {
        let Some(before) = self.next_before.peek().clone() else {
            return;
        };
        if *self.older.peek() == OlderState::Loading {
            return;
        }
        self.older.set(OlderState::Loading);
        spawn(async move {
            match list_messages_api(self.contact_id, Some(before), None).await {
                Ok(page) => {
                    merge_messages_util(&mut self.messages.write(), page.messages);
                    self.next_before.set(page.next_before);
                    self.older.set(OlderState::Ready);
                }
                Err(error) => {
                    self.session.ended_by(&error);
                    self.older.set(OlderState::Failed);
                }
            }
        });
    }

    /// Sends a failed message again.
    pub async fn retry(mut self, message_id: MessageId) {
        match retry_message_api(message_id).await {
            Ok(message) => merge_messages_util(&mut self.messages.write(), [message]),
            Err(error) => self.outcomes.tell_failure("Not sent again.", &error),
        }
    }

    /// Makes the conversation unread for everybody; says whether it is.
    pub async fn mark_unread(mut self) -> bool {
        self.has_news.set(false);
        match mark_conversation_unread_api(self.contact_id).await {
            Ok(()) => true,
            Err(error) => {
                self.outcomes.tell_failure("Not marked as unread.", &error);
                false
            }
        }
    }

    /// Takes the texts that did not reach the customer out of the list's hint.
    pub async fn dismiss_failures(self) {
        if let Err(error) = dismiss_failures_api(self.contact_id).await {
            self.outcomes.tell_failure("Not dismissed.", &error);
        }
    }

    /// Marks the thread read whenever it has something unread, can be seen and is live.
    fn use_reading(mut self, inbox: Inbox) {
        let realtime = use_context::<RealtimeContext>();
        let mut visible = use_signal(|| false);
        use_effect(move || visible.set(browser::is_page_visible()));
        use_window_event("visibilitychange", move || {
            visible.set(browser::is_page_visible())
        });
        use_effect(move || {
            let is_unread = self.conversation.read().unread_count > 0;
            // Heard over the link, it is no reason to load everything again.
            let is_live = (realtime.connection)() == ConnectionState::Live;
            if is_live && visible() && is_unread && (self.has_news)() {
                self.has_news.set(false);
                self.conversation.write().unread_count = 0;
                inbox.mark_read(self.contact_id);
            }
        });
    }
}

fn first_unread(messages: &[Message], unread: i32) -> Option<(MessageId, i32)> {
    let unread_count = usize::try_from(unread).ok().filter(|count| *count > 0)?;
    let mut inbound = messages
        .iter()
        .rev()
        .filter(|message| message.direction == MessageDirection::Inbound);
    let first = inbound.by_ref().take(unread_count).last()?;
    Some((first.id, unread))
}
