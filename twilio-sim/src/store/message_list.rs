use std::sync::Arc;

use crate::history::{GeneratedHistory, HistoryPlan, HistorySelection, merge_newest_or_oldest};
use crate::model::{Message, Sid};
use crate::store::{AccountState, HistoryChange, ListKey, MessageFilter};
use crate::wire::{Page, PageRequest, PageToken};

/// A message in a list: held, or still to be generated.
#[derive(Debug, Clone)]
pub(crate) enum ListedMessage {
    Stored(Box<Message>),
    Generated {
        history: Arc<GeneratedHistory>,
        index: u64,
        /// Its text was taken out.
        redacted: bool,
    },
}

impl ListedMessage {
    /// Its SID.
    pub fn sid(&self) -> Sid {
        match self {
            Self::Stored(message) => message.sid.clone(),
            Self::Generated { history, index, .. } => history.sid(*index),
        }
    }
}

impl AccountState {
    /// The message with this SID, held or generated.
    pub(crate) fn find_message(&self, sid: &str) -> Option<ListedMessage> {
        self.list_key(sid).and_then(|key| self.listed(key))
    }

    /// A page of the messages that the filter accepts, newest first.
    pub(crate) fn message_page(
        &self,
        filter: &MessageFilter,
        request: &PageRequest,
    ) -> Page<ListedMessage> {
        let size = request.page_size;
        let keys: Vec<ListKey> = match &request.token {
            None => self.older(filter, None).take(size).collect(),
            Some(PageToken::After(sid)) => {
                let start = self.list_key(sid);
                self.older(filter, start).take(size).collect()
            }
            Some(PageToken::Before(sid)) => {
                let end = self.list_key(sid);
                let mut keys: Vec<ListKey> = self.newer(filter, end).take(size).collect();
                keys.reverse();
                keys
            }
        };
        let has_older = |key: &ListKey| self.older(filter, Some(*key)).next().is_some();
        let has_newer = |key: &ListKey| self.newer(filter, Some(*key)).next().is_some();
        let next = keys.last().filter(|last| has_older(last));
        let previous = keys.first().filter(|first| has_newer(first));
        let sid = |key: &ListKey| self.listed(*key).map(|message| message.sid().to_string());
        Page {
            next: next.and_then(sid).map(PageToken::After),
            previous: previous.and_then(sid).map(PageToken::Before),
            items: keys.iter().filter_map(|key| self.listed(*key)).collect(),
        }
    }

    fn listed(&self, key: ListKey) -> Option<ListedMessage> {
        if key.source == ListKey::STORED {
            let message = self.messages.at(key)?;
            return Some(ListedMessage::Stored(Box::new(message.clone())));
        }
        let history = self.histories.get(key.source)?;
        let change = match self.history_changes.is_empty() {
            true => None,
            false => self.history_change(&history.sid(key.seq)),
        };
        let redacted = match change {
            None => false,
            Some(HistoryChange::Redacted) => true,
            Some(HistoryChange::Deleted) => return None,
        };
        Some(ListedMessage::Generated {
            history: Arc::clone(history),
            index: key.seq,
            redacted,
        })
    }

    fn is_deleted(&self, history: &GeneratedHistory, index: u64) -> bool {
        // Computing a SID costs more than all the rest.
        !self.history_changes.is_empty()
            && self.history_change(&history.sid(index)) == Some(HistoryChange::Deleted)
    }

    fn list_key(&self, sid: &str) -> Option<ListKey> {
        self.messages.list_key(sid).or_else(|| {
            self.histories
                .iter()
                .enumerate()
                .find_map(|(source, history)| {
                    let index = history.index_of(sid)?;
                    Some(history_key(history.plan(), source, index))
                })
        })
    }

    fn older<'a>(
        &'a self,
        filter: &'a MessageFilter,
        below: Option<ListKey>,
    ) -> impl Iterator<Item = ListKey> {
        let stored: Box<dyn Iterator<Item = ListKey>> =
            Box::new(self.messages.older(filter, below));
        merge_newest_or_oldest(self.with_histories(stored, filter, below, true), true)
    }

    fn newer<'a>(
        &'a self,
        filter: &'a MessageFilter,
        above: Option<ListKey>,
    ) -> impl Iterator<Item = ListKey> {
        let stored: Box<dyn Iterator<Item = ListKey>> =
            Box::new(self.messages.newer(filter, above));
        merge_newest_or_oldest(self.with_histories(stored, filter, above, false), false)
    }

    fn with_histories<'a>(
        &'a self,
        stored: Box<dyn Iterator<Item = ListKey> + 'a>,
        filter: &'a MessageFilter,
        start: Option<ListKey>,
        newest_first: bool,
    ) -> Vec<Box<dyn Iterator<Item = ListKey> + 'a>> {
        let mut sources = vec![stored];
        for (source, history) in self.histories.iter().enumerate() {
            let Some(selection) = HistorySelection::new(history, filter) else {
                continue;
            };
            let plan = history.plan();
            // Where the messages below the start end, or those above it begin.
            let border = |start: ListKey| border(plan, source, start, newest_first);
            let within = match (start, newest_first) {
                (None, _) => 0..plan.messages,
                (Some(start), true) => 0..border(start),
                (Some(start), false) => border(start)..plan.messages,
            };
            sources.push(Box::new(
                selection
                    .messages(within, newest_first)
                    .filter(move |index| !self.is_deleted(history, *index))
                    .map(move |index| history_key(plan, source, index)),
            ));
        }
        sources
    }
}

fn history_key(plan: &HistoryPlan, source: usize, index: u64) -> ListKey {
    ListKey {
        created_ms: plan.created(index).saturating_mul(1_000),
        source,
        seq: index,
    }
}

/// The first message of a history that is not below a place, or with `below` false, that is above
/// it.
fn border(plan: &HistoryPlan, source: usize, key: ListKey, below: bool) -> u64 {
    if key.source == source {
        return if below { key.seq } else { key.seq + 1 };
    }
    let second = key.created_ms.div_euclid(1_000);
    let mut index = plan.created_before(second);
    while index < plan.messages && history_key(plan, source, index) < key {
        index += 1;
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::HistoryShares;
    use crate::model::{
        Account, AccountKind, AccountStatus, MessageDirection, MessageOrigin, MessageStatus,
        SidPrefix,
    };
    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::*;

    const OURS: [&str; 2] = ["+14155550134", "+14155550187"];

    fn account() -> AccountState {
        AccountState::new(Account {
            sid: Sid::generate(SidPrefix::Account),
            auth_token: "token".to_owned(),
            secondary_auth_token: None,
            friendly_name: String::new(),
            status: AccountStatus::Active,
            kind: AccountKind::Full,
            date_created: DateTime::UNIX_EPOCH,
            owner_sid: None,
            sinks_wait: false,
        })
    }

    fn message(seq: u64, from: &str, seconds: i64) -> Message {
        let created = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        Message {
            seq,
            sid: Sid::generate(SidPrefix::Sms),
            account_sid: Sid::generate(SidPrefix::Account),
            direction: MessageDirection::Inbound,
            from: Some(from.to_owned()),
            to: OURS[0].to_owned(),
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

    fn history(account: &AccountState, seed: u64, messages: u64, spare: u64) -> GeneratedHistory {
        GeneratedHistory::new(HistoryPlan {
            account_sid: account.account.sid.clone(),
            seed,
            messages,
            contacts: 5,
            numbers: OURS.map(str::to_owned).to_vec(),
            start: 0,
            span: messages + spare,
            shares: HistoryShares {
                inbound: 0.5,
                media: 0.1,
                null_body: 0.1,
                failed: 0.2,
                never_sent: 0.2,
                unknown_status: 0.1,
                bad_dates: 0.1,
            },
        })
    }

    fn bodies(page: &Page<ListedMessage>) -> Vec<String> {
        let body = |item: &ListedMessage| match item {
            ListedMessage::Stored(message) => message.body.clone(),
            ListedMessage::Generated { index, .. } => format!("generated {index}"),
        };
        page.items.iter().map(body).collect()
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
        let mut account = account();
        for seq in 1..=5 {
            let seconds = i64::try_from(seq).expect("small");
            account
                .messages
                .insert(message(seq, "+14155550162", seconds));
        }
        let filter = MessageFilter::default();
        let first = account.message_page(&filter, &request(2, None));
        assert_eq!(bodies(&first), ["5", "4"]);
        account.messages.insert(message(6, "+14155550162", 6));
        let second = account.message_page(&filter, &request(2, first.next));
        assert_eq!(bodies(&second), ["3", "2"]);
        let back = account.message_page(&filter, &request(2, second.previous));
        assert_eq!(bodies(&back), ["5", "4"]);
    }

    #[test]
    fn a_filter_holds_on_every_page_and_the_last_page_has_no_next() {
        let mut account = account();
        for seq in 1..=9 {
            let from = if seq % 2 == 0 {
                "+14155550162"
            } else {
                "+14155550163"
            };
            account.messages.insert(message(seq, from, 1));
        }
        let filter = MessageFilter {
            from: Some("+14155550162".to_owned()),
            ..MessageFilter::default()
        };
        let first = account.message_page(&filter, &request(2, None));
        assert_eq!(bodies(&first), ["8", "6"]);
        let second = account.message_page(&filter, &request(2, first.next));
        assert_eq!(bodies(&second), ["4", "2"]);
        assert_eq!(second.next, None);
    }

    /// What a list shows of a message.
    type Row = (DateTime<Utc>, Sid);

    fn rows(account: &AccountState, filter: &MessageFilter) -> Vec<Row> {
        let generated = account
            .histories
            .iter()
            .flat_map(|history| history.messages())
            .filter(|one| {
                let date =
                    |accept: &dyn Fn(DateTime<Utc>) -> bool| one.date_sent.is_some_and(accept);
                filter.to.as_ref().is_none_or(|to| *to == one.to)
                    && filter.from.as_ref().is_none_or(|from| *from == one.from)
                    && filter
                        .sent_from
                        .is_none_or(|from| date(&|sent| sent >= from))
                    && filter
                        .sent_until
                        .is_none_or(|until| date(&|sent| sent < until))
            })
            .map(|one| (one.date_created, one.sid));
        let stored = account
            .messages
            .iter()
            .filter(|one| filter.accepts(one))
            .map(|one| (one.date_created, one.sid.clone()));
        generated.chain(stored).collect()
    }

    fn filters() -> impl Strategy<Value = MessageFilter> {
        let address = || {
            prop::option::of(prop::sample::select(vec![
                OURS[0].to_owned(),
                OURS[1].to_owned(),
                crate::history::customer_phone(0),
                crate::history::customer_phone(3),
                "+14155550162".to_owned(),
            ]))
        };
        let second = || prop::option::of((0_i64..150).prop_map(HistoryPlan::date));
        (address(), address(), second(), second()).prop_map(|(to, from, sent_from, sent_until)| {
            MessageFilter {
                to,
                from,
                sent_from,
                sent_until,
                created_until: None,
            }
        })
    }

    proptest! {
        #[test]
        fn pages_over_held_and_generated_messages_show_each_accepted_one_once_newest_first(
            seed in any::<u32>(), generated in 1_u64..120, spare in 0_u64..60,
            held in prop::collection::vec(0_i64..150, 0..20), size in 1_usize..40,
            filter in filters()
        ) {
            let mut account = account();
            for (seq, seconds) in (1..).zip(held) {
                account.messages.insert(message(seq, "+14155550162", seconds));
            }
            for seed in [u64::from(seed), u64::from(seed) + 1] {
                let history = history(&account, seed, generated, spare);
                account.histories.push(Arc::new(history));
            }
            let mut seen: Vec<Row> = Vec::new();
            let (mut token, mut previous, mut pages) = (None, None, 0);
            loop {
                let page = account.message_page(&filter, &request(size, token));
                seen.extend(page.items.iter().map(|item| match item {
                    ListedMessage::Stored(message) => (message.date_created, message.sid.clone()),
                    ListedMessage::Generated { history, index, .. } => {
                        let message = history.message(*index).expect("it exists");
                        (message.date_created, message.sid)
                    }
                }));
                prop_assert_eq!(page.previous.is_some(), pages > 0);
                pages += 1;
                previous = page.previous.or(previous);
                token = page.next;
                if token.is_none() {
                    break;
                }
            }
            prop_assert!(seen.windows(2).all(|pair| pair[0].0 >= pair[1].0));
            let mut expected = rows(&account, &filter);
            expected.sort();
            prop_assert_eq!(pages, expected.len().div_ceil(size).max(1));
            seen.sort();
            prop_assert_eq!(seen, expected);
            let mut steps_back = 0;
            while let Some(before) = previous {
                previous = account.message_page(&filter, &request(size, Some(before))).previous;
                steps_back += 1;
            }
            prop_assert_eq!(steps_back, pages - 1);
        }
    }
}
