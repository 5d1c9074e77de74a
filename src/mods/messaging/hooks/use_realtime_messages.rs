use dioxus::prelude::*;

use crate::{
    bases::{
        ids::ContactId,
        realtime::{EventKind, EventPosition, use_realtime_events_since},
    },
    mods::messaging::{
        types::{Message, MessageChange, MessageRemoval},
        utils::merge_messages_util,
    },
};

/// Keeps the messages of a contact live since they began to load: new ones are appended, known
/// ones updated in place, and one that turned out to be another goes.
pub fn use_realtime_messages(
    start: EventPosition,
    contact_id: ContactId,
    mut messages: Signal<Vec<Message>>,
) {
    use_realtime_events_since(start, move |event| {
        if event.kind == EventKind::MessageRemoved {
            let removed = event.payload_as::<MessageRemoval>();
            let is_removed = |message: &Message| {
                removed
                    .as_ref()
                    .is_some_and(|removed| removed.message_id == message.id)
            };
            if messages.peek().iter().any(is_removed) {
                messages.write().retain(|message| !is_removed(message));
            }
            return;
        }
        if !matches!(event.kind, EventKind::MessageNew | EventKind::MessageStatus) {
            return;
        }
        let Some(event) = event.payload_as::<MessageChange>() else {
            return;
        };
        if event.message.contact_id == contact_id {
            merge_messages_util(&mut messages.write(), [event.message]);
        }
    });
}
