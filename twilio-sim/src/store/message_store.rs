use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use chrono::{DateTime, Utc};

use crate::model::{Message, Sid};
use crate::store::ListKey;

/// Which messages a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MessageFilter {
    /// Exact recipient.
    pub to: Option<String>,
    /// Exact sender.
    pub from: Option<String>,
    /// Sent at or after this moment.
    pub sent_from: Option<DateTime<Utc>>,
    /// Sent before this moment.
    pub sent_until: Option<DateTime<Utc>>,
    /// Held messages only: created before this moment.
    pub created_until: Option<DateTime<Utc>>,
}

impl MessageFilter {
    /// True if the list shows the message.
    pub fn accepts(&self, message: &Message) -> bool {
        let sent = |accept: &dyn Fn(DateTime<Utc>) -> bool| message.date_sent.is_some_and(accept);
        self.to.as_ref().is_none_or(|to| *to == message.to)
            && self
                .from
                .as_ref()
                .is_none_or(|from| message.from.as_ref() == Some(from))
            && self
                .created_until
                .is_none_or(|until| message.date_created < until)
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

    /// Removes a message. Its place is still known, so that a page may begin behind it.
    pub fn remove(&mut self, sid: &Sid) {
        if let Some(key) = self.key_of.get(sid) {
            self.by_key.remove(key);
        }
    }

    /// Every message, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.by_key.values()
    }

    /// Number of messages.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// The place of the message with this SID.
    pub fn list_key(&self, sid: &str) -> Option<ListKey> {
        let key = self.key_of.get(&Sid::parse(sid)?)?;
        Some(list_key(*key))
    }

    /// The message at a place.
    pub fn at(&self, key: ListKey) -> Option<&Message> {
        self.by_key.get(&(key.created_ms, key.seq))
    }

    /// Places of the messages that the filter accepts, newest first, beginning below a place.
    pub fn older(
        &self,
        filter: &MessageFilter,
        below: Option<ListKey>,
    ) -> impl Iterator<Item = ListKey> {
        let end = below.map_or(Bound::Unbounded, |key| match key.source {
            ListKey::STORED => Bound::Excluded((key.created_ms, key.seq)),
            // Held messages count from 1, so this is before the first of that moment.
            _ => Bound::Excluded((key.created_ms, 0)),
        });
        self.by_key
            .range((Bound::Unbounded, end))
            .rev()
            .filter(|entry| filter.accepts(entry.1))
            .map(|entry| list_key(*entry.0))
    }

    /// Places of the messages that the filter accepts, oldest first, beginning above a place.
    pub fn newer(
        &self,
        filter: &MessageFilter,
        above: Option<ListKey>,
    ) -> impl Iterator<Item = ListKey> {
        let start = above.map_or(Bound::Unbounded, |key| match key.source {
            ListKey::STORED => Bound::Excluded((key.created_ms, key.seq)),
            _ => Bound::Included((key.created_ms, 0)),
        });
        self.by_key
            .range((start, Bound::Unbounded))
            .filter(|entry| filter.accepts(entry.1))
            .map(|entry| list_key(*entry.0))
    }
}

fn list_key((created_ms, seq): Key) -> ListKey {
    ListKey {
        created_ms,
        source: ListKey::STORED,
        seq,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MessageDirection, MessageOrigin, MessageStatus, SidPrefix};

    #[test]
    fn the_same_sid_is_stored_once() {
        let created = DateTime::UNIX_EPOCH;
        let message = Message {
            seq: 1,
            sid: Sid::generate(SidPrefix::Sms),
            account_sid: Sid::generate(SidPrefix::Account),
            direction: MessageDirection::Inbound,
            from: Some("+14155550162".to_owned()),
            to: "+14155550134".to_owned(),
            body: "once".to_owned(),
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
        };
        let mut store = MessageStore::default();
        assert!(store.insert(message.clone()));
        assert!(!store.insert(message));
        assert_eq!(store.len(), 1);
    }
}
