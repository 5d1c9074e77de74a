use crate::control::ControlError;
use crate::media::CdnRequest;
use crate::model::{Message, Sid};
use crate::simulation::Simulation;
use crate::store::{DeliveryAttempt, FileSource, LogPage, RequestRecord, RingLog};

/// Entries of a log, or messages, in one answer.
const MAX_ENTRIES: usize = 10_000;

/// Work that is not done yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Outstanding {
    /// Deliveries that wait for their first or next attempt.
    pub waiting: usize,
    /// Attempts under way.
    pub in_flight: usize,
    /// Messages that have not reached their last status.
    pub on_their_way: usize,
}

/// Which entries of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogPart {
    /// At most `limit` after a number.
    After { after: u64, limit: usize },
    /// The newest ones.
    Newest(usize),
}

impl LogPart {
    fn of<T: Clone>(self, log: &RingLog<T>, wanted: impl Fn(&T) -> bool) -> LogPage<T> {
        match self {
            Self::After { after, limit } => log.after_where(after, limit.min(MAX_ENTRIES), wanted),
            Self::Newest(limit) => log.newest_where(limit.min(MAX_ENTRIES), wanted),
        }
    }
}

impl Simulation {
    /// REST requests with a number greater than `after`, oldest first, at most 10,000.
    #[must_use]
    pub fn requests_after(&self, after: u64) -> Vec<RequestRecord> {
        self.state().requests.after(after, MAX_ENTRIES).entries
    }

    /// REST requests that asked for a change, with a number greater than `after`, oldest first, at
    /// most 10,000: none of them proves that an account was only read.
    #[must_use]
    pub fn mutating_requests_after(&self, after: u64) -> Vec<RequestRecord> {
        let state = self.state();
        let wanted = RequestRecord::is_mutating;
        state
            .requests
            .after_where(after, MAX_ENTRIES, wanted)
            .entries
    }

    /// Attempts to deliver with a number greater than `after`, oldest first, at most 10,000.
    #[must_use]
    pub fn deliveries_after(&self, after: u64) -> Vec<DeliveryAttempt> {
        self.state().attempts.after(after, MAX_ENTRIES).entries
    }

    /// True when nothing waits to be delivered and no message is on its way.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let outstanding = self.outstanding();
        outstanding.waiting + outstanding.in_flight + outstanding.on_their_way == 0
    }

    /// Every message of an account, oldest first.
    #[must_use]
    pub fn messages(&self, account_sid: &str) -> Vec<Message> {
        let state = self.state();
        state
            .accounts
            .iter()
            .filter(|(sid, _)| sid.as_str() == account_sid)
            .flat_map(|(_, account)| account.messages.iter().cloned())
            .collect()
    }

    /// A message of any account.
    #[must_use]
    pub fn message(&self, sid: &str) -> Option<Message> {
        let state = self.state();
        state
            .accounts
            .values()
            .find_map(|account| account.messages.get(sid).cloned())
    }

    /// Requests to the media host with a number greater than `after`, oldest first, at most
    /// 10,000.
    #[must_use]
    pub fn cdn_requests_after(&self, after: u64) -> Vec<CdnRequest> {
        self.cdn_requests_page(after, MAX_ENTRIES).entries
    }

    pub(crate) fn cdn_requests_page(&self, after: u64, limit: usize) -> LogPage<CdnRequest> {
        let limit = limit.min(MAX_ENTRIES);
        self.state().cdn_requests.after(after, limit)
    }

    /// The file of a message.
    pub(crate) fn media_file(
        &self,
        account_sid: &str,
        message_sid: &str,
        media_sid: &str,
    ) -> Option<FileSource> {
        let state = self.state();
        let account = state.accounts.get(&Sid::parse(account_sid)?)?;
        let media = account.media_of_message(message_sid, &state.uploads)?;
        let found = media
            .into_iter()
            .find(|one| one.sid.as_str() == media_sid)?;
        Some(found.file)
    }

    pub(crate) fn requests_page(
        &self,
        part: LogPart,
        only_mutating: bool,
    ) -> LogPage<RequestRecord> {
        part.of(&self.state().requests, |request| {
            !only_mutating || request.is_mutating()
        })
    }

    pub(crate) fn deliveries_page(&self, part: LogPart) -> LogPage<DeliveryAttempt> {
        part.of(&self.state().attempts, |_| true)
    }

    pub(crate) fn outstanding(&self) -> Outstanding {
        // In the order in which one leads to the other, so that nothing slips through between.
        let messages = self.lifecycle.load();
        let deliveries = self.deliveries.load();
        Outstanding {
            waiting: deliveries.waiting,
            in_flight: deliveries.under_way,
            on_their_way: messages.waiting + messages.under_way,
        }
    }

    /// Messages with a sequence number greater than `after`, in its order.
    pub(crate) fn messages_after(
        &self,
        account_sid: &str,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Message>, ControlError> {
        let state = self.state();
        let account = state
            .accounts
            .iter()
            .find(|(sid, _)| sid.as_str() == account_sid)
            .map(|(_, account)| account)
            .ok_or_else(|| ControlError::no_account(account_sid))?;
        let mut found: Vec<&Message> = account
            .messages
            .iter()
            .filter(|message| message.seq > after)
            .collect();
        found.sort_unstable_by_key(|message| message.seq);
        found.truncate(limit.min(MAX_ENTRIES));
        Ok(found.into_iter().cloned().collect())
    }

    /// The newest messages between a number of an account and a phone, oldest of them first.
    pub(crate) fn conversation(&self, ours: &str, phone: &str, limit: usize) -> Vec<Message> {
        let state = self.state();
        let Some(account) = state.owner_of(ours) else {
            return Vec::new();
        };
        let mut newest: Vec<Message> = account
            .messages
            .iter()
            .rev()
            .filter(|message| {
                let from = message.from.as_deref().unwrap_or_default();
                if message.direction.is_inbound() {
                    from == phone && message.to == ours
                } else {
                    from == ours && message.to == phone
                }
            })
            .take(limit.min(MAX_ENTRIES))
            .cloned()
            .collect();
        newest.reverse();
        newest
    }
}
