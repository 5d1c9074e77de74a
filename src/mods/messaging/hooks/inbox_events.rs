use dioxus::{core::spawn_forever, prelude::*};

use super::Inbox;
use crate::{
    bases::{
        browser,
        ids::ContactId,
        realtime::{BrowserEvent, EventKind},
    },
    mods::messaging::{
        types::{Conversation, ConversationFilter, ConversationRead, MessageChange},
        utils::merge_conversations_util,
    },
};

/// Counts are asked for again this long after an event about a conversation that is not loaded;
/// a burst of events asks once.
const RECOUNT_AFTER_MS: u32 = 1_000;

/// What events change in the list.
impl Inbox {
    pub(super) fn take(self, event: &BrowserEvent) {
        match event.kind {
            EventKind::MessageNew | EventKind::MessageStatus => {
                if let Some(event) = event.payload_as::<MessageChange>() {
                    self.take_row(event.conversation);
                }
            }
            EventKind::ConversationRead => {
                if let Some(event) = event.payload_as::<ConversationRead>() {
                    self.clear_unread(event.contact_id);
                }
            }
            EventKind::MessagesImported => self.page_again(),
            EventKind::MessageRemoved
            | EventKind::ImportProgress
            | EventKind::TwilioAccount
            | EventKind::Reconciliation
            | EventKind::Hello
            | EventKind::Heartbeat
            | EventKind::Resync
            | EventKind::AccessEnded
            | EventKind::Unknown => {}
        }
    }

    fn take_row(mut self, row: Conversation) {
        let contact_id = row.contact.id;
        let known = self.unread_of(contact_id);
        match known {
            Some(before) => self.count_change(before > 0, row.unread_count > 0),
            // Whether it is new, or only further down than what is loaded, the server knows.
            None => self.recount_soon(),
        }
        let shown = known.is_some()
            || *self.filter.peek() == ConversationFilter::All
            || row.unread_count > 0;
        if shown {
            merge_conversations_util(&mut self.rows.write(), [row]);
        }
    }

    pub(super) fn clear_unread(mut self, contact_id: ContactId) {
        match self.unread_of(contact_id) {
            Some(0) => {}
            Some(_) => {
                self.count_change(true, false);
                let mut rows = self.rows.write();
                if let Some(row) = rows.iter_mut().find(|row| row.contact.id == contact_id) {
                    row.unread_count = 0;
                }
            }
            None => self.recount_soon(),
        }
    }

    fn unread_of(self, contact_id: ContactId) -> Option<i32> {
        let rows = self.rows.peek();
        rows.iter()
            .find(|row| row.contact.id == contact_id)
            .map(|row| row.unread_count)
    }

    fn count_change(mut self, was_unread: bool, is_unread: bool) {
        match (was_unread, is_unread) {
            (false, true) => *self.unread.write() += 1,
            (true, false) => *self.unread.write() -= 1,
            _ => {}
        }
    }

    fn recount_soon(mut self) {
        if *self.recount_pending.peek() {
            return;
        }
        self.recount_pending.set(true);
        spawn_forever(async move {
            browser::sleep(RECOUNT_AFTER_MS).await;
            self.recount_pending.set(false);
            self.refresh();
        });
    }
}
