use dioxus::prelude::*;

use super::{Thread, load_thread};
use crate::{
    bases::realtime::{BrowserEvent, EventKind},
    entities::states::MessageDirection,
    mods::messaging::{
        api::list_messages_api,
        types::{Conversation, ConversationRead, Message, MessageChange, MessagePage},
        utils::merge_messages_util,
    },
};

/// The messages at the end of a thread among which something new is looked for after a gap.
const SEEN_MESSAGES: usize = 50;

/// What events change in the thread, and how it catches up with those that were missed.
impl Thread {
    pub(super) fn take(mut self, event: &BrowserEvent) {
        let kind = event.kind;
        match kind {
            EventKind::MessageNew | EventKind::MessageStatus => {
                let event = event.payload_as::<MessageChange>();
                if let Some(event) =
                    event.filter(|event| event.message.contact_id == self.contact_id)
                {
                    if event.message.status.is_failure() {
                        self.failed.write().insert(event.message.id);
                    }
                    let is_inbound = event.message.direction == MessageDirection::Inbound;
                    if is_inbound && kind == EventKind::MessageNew {
                        self.has_news.set(true);
                    }
                    self.take_conversation(event.conversation);
                }
            }
            EventKind::ConversationRead => {
                let event = event.payload_as::<ConversationRead>();
                if event.is_some_and(|event| event.contact_id == self.contact_id) {
                    self.conversation.write().unread_count = 0;
                }
            }
            EventKind::MessagesImported => self.page_again(),
            // `use_realtime_messages` takes it out of the list.
            EventKind::MessageRemoved => {}
            EventKind::ImportProgress
            | EventKind::TwilioAccount
            | EventKind::Reconciliation
            | EventKind::Hello
            | EventKind::Heartbeat
            | EventKind::Resync
            | EventKind::AccessEnded
            | EventKind::Unknown => {}
        }
    }

    /// An answer that was slow does not undo what an event has said since.
    fn take_conversation(mut self, conversation: Conversation) {
        if self.conversation.peek().as_of <= conversation.as_of {
            self.conversation.set(conversation);
        }
    }

    /// Gets the newest messages again and merges them into what is shown.
    pub(super) fn refresh(self) {
        spawn(async move {
            match load_thread(self.contact_id).await {
                Ok((conversation, page)) => {
                    self.take_conversation(conversation);
                    self.take_newest(page);
                }
                Err(error) => {
                    self.session.ended_by(&error);
                }
            }
        });
    }

    fn take_newest(mut self, page: MessagePage) {
        let gap = {
            let messages = self.messages.peek();
            !page
                .messages
                .iter()
                .any(|new| messages.iter().any(|known| known.id == new.id))
        };
        let is_new = |new: &&Message| {
            let known = self.messages.peek();
            new.direction == MessageDirection::Inbound
                && !known.iter().any(|known| known.id == new.id)
        };
        if page
            .messages
            .iter()
            .rev()
            .take(SEEN_MESSAGES)
            .any(|new| is_new(&new))
        {
            self.has_news.set(true);
        }
        let mut messages = self.messages.write();
        if gap && page.next_before.is_some() {
            // More came in the meantime than one stretch holds: what is between is loaded by
            // scrolling up, as ever.
            *messages = page.messages;
            self.next_before.set(page.next_before);
        } else {
            merge_messages_util(&mut messages, page.messages);
        }
    }

    /// Gets the newest messages again, and then those above once more as they are scrolled to:
    /// imported messages lie anywhere between those that are loaded.
    fn page_again(mut self) {
        spawn(async move {
            match list_messages_api(self.contact_id, None, None).await {
                Ok(page) => {
                    merge_messages_util(&mut self.messages.write(), page.messages);
                    self.next_before.set(page.next_before);
                }
                Err(error) => {
                    self.session.ended_by(&error);
                }
            }
        });
    }
}
