//! A part of the history on its way.

use std::{collections::HashSet, time::Instant};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    fetch_patience::FetchPatience, plan_sms_sync_service::PartKind,
    sms_sync_context::SmsSyncContext,
};
use crate::{
    entities::sms_sync_window,
    mods::twilio::utils::{
        DateWindow, HistoryPage, HistorySide, ImportedMessage, TwilioError,
        history_message_to_new_util,
    },
};

/// No number has a hundred million messages: a list that is longer leads in a circle.
const MOST_PAGES: u32 = 100_000;

/// A part of the history on its way: where it is in Twilio's list, and what it has just seen.
#[derive(Debug)]
pub(super) struct HistoryPart {
    pub position: i32,
    /// The page that comes next; none when it is at its end.
    pub next_page: Option<String>,
    /// Whether a page of it is being fetched.
    pub is_busy: bool,
    /// Not before this moment, after an error.
    pub not_before: Instant,
    pub patience: FetchPatience,
    side: HistorySide,
    kind: PartKind,
    window: DateWindow,
    /// SIDs of the page before: items can shift from one page to the next while new messages
    /// arrive (twilio-ruby#251).
    page_before: HashSet<String>,
    pages: u32,
    /// Time of the last message, for neighbours without one.
    last_at: DateTime<Utc>,
}

/// A page, ready to be stored.
#[derive(Debug)]
pub(super) struct ImportPage {
    /// The messages to be stored, and whether this part counts those that are known already.
    pub messages: Vec<(ImportedMessage, bool)>,
    pub next_page: Option<String>,
    all_sids: HashSet<String>,
}

impl HistoryPart {
    /// As it was left in the database.
    pub(super) fn of(row: sms_sync_window::Model, now: DateTime<Utc>) -> Self {
        let side = if row.side == HistorySide::From.as_str() {
            HistorySide::From
        } else {
            HistorySide::To
        };
        let kind = [PartKind::All, PartKind::Dates, PartKind::Undated]
            .into_iter()
            .find(|kind| kind.as_str() == row.kind)
            .unwrap_or(PartKind::All);
        let end_of_part = row
            .to_date
            .map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc());
        Self {
            position: row.position,
            next_page: row.next_page.filter(|_| !row.done),
            is_busy: false,
            not_before: Instant::now(),
            patience: FetchPatience::default(),
            side,
            kind,
            window: DateWindow {
                first_day: row.from_date,
                last_day: row.to_date,
            },
            page_before: HashSet::new(),
            pages: 0,
            last_at: end_of_part.unwrap_or(now),
        }
    }

    /// Sorts a page out: what is stored, who counts it, where it goes on.
    ///
    /// A page whose link leads to itself is the one before again, or its link is wrong: it is an
    /// error, and asked for again.
    pub(super) fn read(
        &mut self,
        context: &SmsSyncContext,
        page: HistoryPage,
    ) -> Result<ImportPage, TwilioError> {
        let leads_nowhere = page.next_page.is_some() && page.next_page == self.next_page;
        self.pages += 1;
        if leads_nowhere || self.pages > MOST_PAGES {
            return Err(TwilioError::OutcomeUnknown(
                "its pages lead in a circle".to_owned(),
            ));
        }
        if page.unreadable > 0 {
            tracing::warn!(count = page.unreadable, run_id = %context.lease.run_id, "entries of Twilio's list without a SID are left out");
        }
        let all_sids = page.messages.iter().map(|m| m.sid.to_string()).collect();
        let now = context.state.clock.now();
        let (mut some_older, mut some_wanted) = (false, false);
        let mut messages = Vec::with_capacity(page.messages.len());
        for message in page.messages {
            let imported = history_message_to_new_util(message, &context.owner, self.last_at, now);
            let Some(imported) = imported else { continue };
            self.last_at = imported.message.at;
            let day = imported.message.at.date_naive();
            if context.since.is_some_and(|since| day < since) {
                some_older = true;
                continue;
            }
            some_wanted = true;
            if self.kind == PartKind::Undated && imported.is_dated {
                continue;
            }
            let repeated = self.page_before.contains(imported.message.sid.as_str());
            let counts = !repeated && self.owns(&imported, day);
            messages.push((imported, counts));
        }
        // The list is the newest first: what follows is older still. Parts by date end by
        // themselves.
        let is_past_since = self.kind == PartKind::Undated && some_older && !some_wanted;
        Ok(ImportPage {
            messages,
            next_page: page.next_page.filter(|_| !is_past_since),
            all_sids,
        })
    }

    /// Whether a message that is known already is this part's to count: neighbours see it too.
    fn owns(&self, imported: &ImportedMessage, day: NaiveDate) -> bool {
        match self.kind {
            PartKind::All => true,
            PartKind::Undated => !imported.is_dated,
            PartKind::Dates => {
                (imported.is_dated || self.side == HistorySide::To) && self.window.contains(day)
            }
        }
    }

    /// Goes on behind a page that was stored.
    pub(super) fn advance(&mut self, page: ImportPage) {
        self.patience = FetchPatience::default();
        self.page_before = page.all_sids;
        self.next_page = page.next_page;
    }
}
