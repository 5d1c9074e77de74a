use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::{
    bases::ids::MessageId,
    entities::{
        position::Position,
        states::{MessageDirection, MessageSource, MessageStatus},
    },
    mods::messaging::types::{Message, OutgoingMessage, OutgoingState, ThreadEntry, ThreadItem},
};

/// Bubbles further apart than this stand for themselves.
const GROUPED_WITHIN: TimeDelta = TimeDelta::minutes(5);

/// The bubbles of a thread: what the server has, then what is on its way there and has not come
/// back as a message.
pub fn thread_entries_util(
    messages: &[Message],
    outgoing: Vec<OutgoingMessage>,
) -> Vec<ThreadEntry> {
    let known = messages.iter().map(|message| ThreadEntry {
        message: message.clone(),
        local: None,
    });
    let on_the_way = outgoing
        .into_iter()
        .filter(|outgoing| {
            !messages
                .iter()
                .any(|message| message.client_key == Some(outgoing.client_key))
        })
        .map(entry_of);
    known.chain(on_the_way).collect()
}

/// What identifies a bubble: the same before and after the server has it.
pub fn thread_entry_key(entry: &ThreadEntry) -> String {
    entry
        .message
        .client_key
        .unwrap_or(entry.message.id.0)
        .to_string()
}

/// The lines of a thread. `first_unread` is the message above which the divider stands, and the
/// number in it; `day_of` is the day of an instant where the reader is.
pub fn thread_items_util(
    entries: &[ThreadEntry],
    first_unread: Option<(MessageId, i32)>,
    day_of: impl Fn(DateTime<Utc>) -> NaiveDate,
) -> Vec<ThreadItem> {
    let mut items = Vec::with_capacity(entries.len() + 8);
    let mut above: Option<&ThreadEntry> = None;
    let mut group_open = false;
    for (index, entry) in entries.iter().enumerate() {
        let at = entry.message.created_at;
        let new_day = above.is_none_or(|above| day_of(above.message.created_at) != day_of(at));
        if new_day {
            items.push(ThreadItem::Day(at));
        }
        let unread = first_unread.filter(|(id, _)| *id == entry.message.id);
        if let Some((_, count)) = unread {
            items.push(ThreadItem::Unread(count));
        }
        let grouped = group_open && !new_day && unread.is_none();
        let continued = entries.get(index + 1).is_some_and(|below| {
            belong_together(entry, below)
                && day_of(below.message.created_at) == day_of(at)
                && first_unread.is_none_or(|(id, _)| id != below.message.id)
                && same_end(entry, below)
        });
        // What stands below a bubble also ends its group.
        let with_meta = !continued || is_failed(entry);
        items.push(ThreadItem::Bubble {
            entry: Box::new(entry.clone()),
            grouped,
            with_meta,
        });
        group_open = !with_meta;
        above = Some(entry);
    }
    items
}

fn entry_of(outgoing: OutgoingMessage) -> ThreadEntry {
    if let OutgoingState::Accepted(message) = outgoing.state {
        return ThreadEntry {
            message: *message,
            local: None,
        };
    }
    let message = Message {
        id: MessageId(outgoing.client_key),
        contact_id: outgoing.contact_id,
        phone_number_id: Some(outgoing.phone_number_id),
        direction: MessageDirection::Outbound,
        body: Some(outgoing.body),
        links: Vec::new(),
        from_address: String::new(),
        to_address: String::new(),
        also_to: Vec::new(),
        status: MessageStatus::Queued,
        external_id: None,
        source: Some(MessageSource::Loquent),
        num_media: 0,
        is_loading: false,
        is_checking: false,
        delay_reason: None,
        attachments: Vec::new(),
        num_segments: None,
        error_code: None,
        error_message: None,
        error_help: None,
        sent_by_name: Some(outgoing.sent_by_name),
        attempt: 1,
        can_retry: false,
        client_key: Some(outgoing.client_key),
        created_at: outgoing.created_at,
        stated_at: None,
        position: Position::default(),
        sent_at: None,
        delivered_at: None,
        as_of: outgoing.created_at,
    };
    ThreadEntry {
        message,
        local: Some(outgoing.state),
    }
}

fn belong_together(above: &ThreadEntry, below: &ThreadEntry) -> bool {
    let (above, below) = (&above.message, &below.message);
    above.direction == below.direction
        && above.source == below.source
        && above.sent_by_name == below.sent_by_name
        && above.phone_number_id == below.phone_number_id
        && below.created_at - above.created_at < GROUPED_WITHIN
}

/// Whether the words below the last bubble are also true of this one.
fn same_end(entry: &ThreadEntry, below: &ThreadEntry) -> bool {
    entry.message.status == below.message.status && entry.local == below.local
}

fn is_failed(entry: &ThreadEntry) -> bool {
    entry.message.status.is_failure() || matches!(entry.local, Some(OutgoingState::Failed(_)))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::bases::ids::{ContactId, PhoneNumberId};

    fn outgoing(id: u128, second: i64) -> OutgoingMessage {
        OutgoingMessage {
            client_key: Uuid::from_u128(id),
            contact_id: ContactId(Uuid::nil()),
            phone_number_id: PhoneNumberId(Uuid::nil()),
            body: "hello".to_owned(),
            sent_by_name: "Priya".to_owned(),
            created_at: DateTime::from_timestamp(second, 0).expect("a time"),
            is_kept: true,
            state: OutgoingState::Waiting,
        }
    }

    fn sent(id: u128, second: i64) -> ThreadEntry {
        let mut entry = entry_of(outgoing(id, second));
        entry.local = None;
        entry.message.status = MessageStatus::Delivered;
        entry
    }

    fn lines(entries: &[ThreadEntry], first_unread: Option<(MessageId, i32)>) -> Vec<String> {
        thread_items_util(entries, first_unread, |at| at.date_naive())
            .iter()
            .map(|item| match item {
                ThreadItem::Day(_) => "day".to_owned(),
                ThreadItem::Unread(count) => format!("unread {count}"),
                ThreadItem::Bubble {
                    grouped, with_meta, ..
                } => {
                    format!(
                        "{}{}",
                        if *grouped { "grouped" } else { "bubble" },
                        if *with_meta { " meta" } else { "" }
                    )
                }
            })
            .collect()
    }

    #[test]
    fn bubbles_of_one_sender_close_together_are_one_group_with_one_time() {
        let entries = [sent(1, 0), sent(2, 60), sent(3, 120), sent(4, 600)];
        assert_eq!(
            lines(&entries, None),
            ["day", "bubble", "grouped", "grouped meta", "bubble meta"]
        );
    }

    #[test]
    fn a_new_day_and_the_first_unread_begin_a_group() {
        let midnight = 86_400;
        let entries = [
            sent(1, midnight - 60),
            sent(2, midnight),
            sent(3, midnight + 60),
        ];
        let unread = Some((entries[2].message.id, 1));
        assert_eq!(
            lines(&entries, unread),
            [
                "day",
                "bubble meta",
                "day",
                "bubble meta",
                "unread 1",
                "bubble meta"
            ]
        );
    }

    #[test]
    fn a_failed_bubble_always_says_so_itself() {
        let mut entries = [sent(1, 0), sent(2, 60)];
        entries[0].message.status = MessageStatus::Undelivered;
        entries[1].message.status = MessageStatus::Undelivered;
        assert_eq!(lines(&entries, None), ["day", "bubble meta", "bubble meta"]);
    }

    #[test]
    fn a_text_on_its_way_is_shown_until_its_message_is_there() {
        let arrived = sent(1, 0).message;
        let entries = thread_entries_util(&[arrived], vec![outgoing(1, 0), outgoing(2, 1)]);
        let local: Vec<bool> = entries.iter().map(|entry| entry.local.is_some()).collect();
        assert_eq!(local, [false, true]);
        assert_eq!(
            thread_entry_key(&entries[0]),
            Uuid::from_u128(1).to_string()
        );
    }
}
