use std::sync::Arc;

use crate::history::{GeneratedHistory, HistoryPlan, HistorySelection, ListOrder, merge_sorted};
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
        self.with_histories(stored, filter, below, ListOrder::NewestFirst)
    }

    fn newer<'a>(
        &'a self,
        filter: &'a MessageFilter,
        above: Option<ListKey>,
    ) -> impl Iterator<Item = ListKey> {
        let stored: Box<dyn Iterator<Item = ListKey>> =
            Box::new(self.messages.newer(filter, above));
        self.with_histories(stored, filter, above, ListOrder::OldestFirst)
    }

    fn with_histories<'a>(
        &'a self,
        stored: Box<dyn Iterator<Item = ListKey> + 'a>,
        filter: &'a MessageFilter,
        start: Option<ListKey>,
        order: ListOrder,
    ) -> impl Iterator<Item = ListKey> {
        let mut sources = vec![stored];
        for (source, history) in self.histories.iter().enumerate() {
            let Some(selection) = HistorySelection::new(history, filter) else {
                continue;
            };
            let plan = history.plan();
            // Where the messages below the start end, or those above it begin.
            let border = |start: ListKey| border(plan, source, start, order);
            let within = match (start, order) {
                (None, _) => 0..plan.messages,
                (Some(start), ListOrder::NewestFirst) => 0..border(start),
                (Some(start), ListOrder::OldestFirst) => border(start)..plan.messages,
            };
            sources.push(Box::new(
                selection
                    .messages(within, order)
                    .filter(move |index| !self.is_deleted(history, *index))
                    .map(move |index| history_key(plan, source, index)),
            ));
        }
        merge_sorted(sources, order)
    }
}

fn history_key(plan: &HistoryPlan, source: usize, index: u64) -> ListKey {
    ListKey {
        created_ms: plan.created(index).saturating_mul(1_000),
        source,
        seq: index,
    }
}

/// Where a history is cut by a place: the first message that is not below it, or, from the oldest
/// on, that is above it.
fn border(plan: &HistoryPlan, source: usize, key: ListKey, order: ListOrder) -> u64 {
    if key.source == source {
        return match order {
            ListOrder::NewestFirst => key.seq,
            ListOrder::OldestFirst => key.seq + 1,
        };
    }
    let second = key.created_ms.div_euclid(1_000);
    let mut index = plan.created_before(second);
    while index < plan.messages && history_key(plan, source, index) < key {
        index += 1;
    }
    index
}
