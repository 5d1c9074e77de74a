use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use chrono::{DateTime, Utc};

use crate::model::{Message, Sid};
use crate::wire::{Page, PageRequest, PageToken};

/// Which messages a list shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct MessageFilter {
    /// Exact recipient.
    pub to: Option<String>,
    /// Exact sender.
    pub from: Option<String>,
    /// Sent at or after this moment.
    pub sent_from: Option<DateTime<Utc>>,
    /// Sent before this moment.
    pub sent_until: Option<DateTime<Utc>>,
}

impl MessageFilter {
    fn accepts(&self, message: &Message) -> bool {
        let sent = |accept: &dyn Fn(DateTime<Utc>) -> bool| message.date_sent.is_some_and(accept);
        self.to.as_ref().is_none_or(|to| *to == message.to)
            && self
                .from
                .as_ref()
                .is_none_or(|from| message.from.as_ref() == Some(from))
            && self.sent_from.is_none_or(|from| sent(&|date| date >= from))
            && self
                .sent_until
                .is_none_or(|until| sent(&|date| date < until))
    }
}

/// Creation time in milliseconds, then order of arrival: the order of the list, newest first.
type Key = (i64, u64);

/// The messages of one account.
#[derive(Debug, Default)]
pub(crate) struct MessageStore {
    by_key: BTreeMap<Key, Message>,
    key_of: HashMap<Sid, Key>,
}

impl MessageStore {
    /// Adds a message. False, and nothing changes, if its SID exists already.
    pub fn insert(&mut self, message: Message) -> bool {
        if self.key_of.contains_key(&message.sid) {
            return false;
        }
        let key = (message.date_created.timestamp_millis(), message.seq);
        self.key_of.insert(message.sid.clone(), key);
        self.by_key.insert(key, message);
        true
    }

    /// The message with this SID.
    pub fn get(&self, sid: &str) -> Option<&Message> {
        let key = self.key_of.get(&Sid::parse(sid)?)?;
        self.by_key.get(key)
    }

    /// The message with this SID, to be changed. Its SID and creation time must stay.
    pub fn get_mut(&mut self, sid: &Sid) -> Option<&mut Message> {
        let key = self.key_of.get(sid)?;
        self.by_key.get_mut(key)
    }

    /// Every message, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.by_key.values()
    }

    /// Number of messages.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// A page of the messages that the filter accepts, newest first.
    pub fn page(&self, filter: &MessageFilter, request: &PageRequest) -> Page<&Message> {
        let key = |id: &str| Sid::parse(id).and_then(|sid| self.key_of.get(&sid).copied());
        let size = request.page_size;
        let accepted = |message: &&Message| filter.accepts(message);
        let older = |bound: Bound<Key>| {
            self.by_key
                .range((Bound::Unbounded, bound))
                .rev()
                .map(|entry| entry.1)
                .filter(accepted)
        };
        let newer = |bound: Bound<Key>| {
            self.by_key
                .range((bound, Bound::Unbounded))
                .map(|entry| entry.1)
                .filter(accepted)
        };

        let items: Vec<&Message> = match &request.token {
            None => older(Bound::Unbounded).take(size).collect(),
            Some(PageToken::After(id)) => {
                let start = key(id).map_or(Bound::Unbounded, Bound::Excluded);
                older(start).take(size).collect()
            }
            Some(PageToken::Before(id)) => {
                let end = key(id).map_or(Bound::Unbounded, Bound::Excluded);
                let mut items: Vec<&Message> = newer(end).take(size).collect();
                items.reverse();
                items
            }
        };
        let key_of = |message: &Message| (message.date_created.timestamp_millis(), message.seq);
        let next = items
            .last()
            .filter(|last| older(Bound::Excluded(key_of(last))).next().is_some())
            .map(|last| PageToken::After(last.sid.to_string()));
        let previous = items
            .first()
            .filter(|first| newer(Bound::Excluded(key_of(first))).next().is_some())
            .map(|first| PageToken::Before(first.sid.to_string()));
        Page {
            items,
            next,
            previous,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MessageDirection, MessageOrigin, MessageStatus, SidPrefix};
    use chrono::TimeDelta;

    fn message(seq: u64, from: &str, minutes: i64) -> Message {
        let created = DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        Message {
            seq,
            sid: Sid::generate(SidPrefix::Sms),
            account_sid: Sid::generate(SidPrefix::Account),
            direction: MessageDirection::Inbound,
            from: Some(from.to_owned()),
            to: "+14155550134".to_owned(),
            body: seq.to_string(),
            status: MessageStatus::Received,
            error_code: None,
            error_message: None,
            num_media: 0,
            media: Vec::new(),
            num_segments: 1,
            price: None,
            messaging_service_sid: None,
            status_callback: None,
            date_created: created,
            date_sent: Some(created),
            date_updated: created,
            origin: MessageOrigin::Customer,
            history: Vec::new(),
        }
    }

    fn bodies(page: &Page<&Message>) -> Vec<String> {
        page.items.iter().map(|item| item.body.clone()).collect()
    }

    fn request(page_size: usize, token: Option<PageToken>) -> PageRequest {
        PageRequest {
            page_size,
            page: 0,
            token,
        }
    }

    #[test]
    fn a_message_that_arrives_between_two_pages_hides_and_doubles_nothing() {
        let mut store = MessageStore::default();
        for seq in 1..=5 {
            store.insert(message(
                seq,
                "+14155550162",
                i64::try_from(seq).expect("small"),
            ));
        }
        let first = store.page(&MessageFilter::default(), &request(2, None));
        assert_eq!(bodies(&first), ["5", "4"]);
        let next = first.next.clone();
        store.insert(message(6, "+14155550162", 6));
        let second = store.page(&MessageFilter::default(), &request(2, next));
        assert_eq!(bodies(&second), ["3", "2"]);
        let back = store.page(&MessageFilter::default(), &request(2, second.previous));
        assert_eq!(bodies(&back), ["5", "4"]);
    }

    #[test]
    fn a_filter_holds_on_every_page_and_the_last_page_has_no_next() {
        let mut store = MessageStore::default();
        for seq in 1..=9 {
            let from = if seq % 2 == 0 {
                "+14155550162"
            } else {
                "+14155550163"
            };
            store.insert(message(seq, from, 1));
        }
        let filter = MessageFilter {
            from: Some("+14155550162".to_owned()),
            ..MessageFilter::default()
        };
        let first = store.page(&filter, &request(2, None));
        assert_eq!(bodies(&first), ["8", "6"]);
        let second = store.page(&filter, &request(2, first.next));
        assert_eq!(bodies(&second), ["4", "2"]);
        assert_eq!(second.next, None);
    }

    #[test]
    fn the_same_sid_is_stored_once() {
        let mut store = MessageStore::default();
        let message = message(1, "+14155550162", 1);
        assert!(store.insert(message.clone()));
        assert!(!store.insert(message));
        assert_eq!(store.len(), 1);
    }
}
