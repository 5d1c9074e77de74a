//! A part of an import under way.

use std::{
    collections::{HashMap, HashSet},
    time::Instant,
};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    fetch_patience::FetchPatience, import_context::ImportContext,
    place_listed_messages_service::LastListed, plan_import_service::PartKind, understand_listed,
};
use crate::{
    entities::sms_sync_window,
    mods::twilio::utils::{DateRange, HistoryMessage, HistoryPage, HistorySide, ImportedMessage},
    twilio::TwilioError,
};

/// No number has a hundred million messages: a longer list is a loop.
const MOST_PAGES: u32 = 100_000;

/// A part under way: its place in Twilio's list, and what it has just seen.
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
    pub side: HistorySide,
    kind: PartKind,
    window: DateRange,
    /// The message behind which it enters its list; none for one that begins where its list does.
    entry_after: Option<String>,
    /// The first message that it was given.
    first_sid: Option<String>,
    /// SIDs of the page before: items can shift from one page to the next while new messages
    /// arrive (twilio-ruby#251), and a page can be given again.
    page_before: HashSet<String>,
    pages: u32,
    /// The last message of the page before, if it was read by this node.
    last_listed: Option<LastListed>,
    /// Time of the last message, for neighbours without one.
    last_at: DateTime<Utc>,
}

/// A page, ready to be stored.
#[derive(Debug)]
pub(super) struct ImportPage {
    /// Its part, and the link to it.
    pub position: i32,
    pub link: String,
    /// The messages to be stored, and whether this part counts those that are known already.
    pub messages: Vec<(ImportedMessage, bool)>,
    pub next_page: Option<String>,
    /// The first message that the part was given.
    pub first_sid: Option<String>,
    /// Parts whose places this one has passed before they had a page: they are given up.
    pub given_up: Vec<i32>,
    /// The first message of another part, where this one ends.
    pub meets: Option<String>,
    /// Time of its last message.
    pub reached_at: DateTime<Utc>,
    /// What the next page may show again.
    pub page_sids: HashSet<String>,
    /// The last message of the page before.
    pub before: Option<LastListed>,
    /// A hash or SID of each entry that cannot be kept: neighbouring parts see it too.
    pub unreadable: Vec<String>,
}

/// Where the other parts of a list without a filter are.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    /// The first messages of those that have begun: a part that meets one ends before it.
    begun: HashSet<String>,
    /// Those that have no page yet, by the message behind which they would begin.
    waiting: HashMap<String, i32>,
}

impl Neighbours {
    /// The others that read the same list as the part at a place.
    pub(super) fn of(place: usize, parts: &[HistoryPart]) -> Self {
        let mut neighbours = Self::default();
        let own = &parts[place];
        if own.kind != PartKind::All {
            return neighbours;
        }
        let others = parts.iter().filter(|part| {
            part.position != own.position && part.kind == PartKind::All && part.side == own.side
        });
        for part in others {
            match (&part.first_sid, &part.entry_after) {
                (Some(first), _) => drop(neighbours.begun.insert(first.clone())),
                (None, Some(after)) if part.next_page.is_some() => {
                    neighbours.waiting.insert(after.clone(), part.position);
                }
                (None, _) => {}
            }
        }
        neighbours
    }
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
        let window = DateRange {
            first_day: row.from_date,
            last_day: row.to_date,
        };
        // Fallback time for messages without a readable date: one day past this part's days, so
        // that only the next part counts them.
        let newest = window
            .widened()
            .last_day
            .map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc());
        Self {
            position: row.position,
            next_page: row.next_page.filter(|_| !row.done),
            is_busy: false,
            not_before: Instant::now(),
            patience: FetchPatience::default(),
            side,
            kind,
            window,
            entry_after: row.entry_after,
            first_sid: row.first_sid,
            page_before: row.page_sids.unwrap_or_default().into_iter().collect(),
            pages: 0,
            last_listed: None,
            last_at: row.reached_at.or(newest).unwrap_or(now),
        }
    }

    /// Whether it enters a list in the middle and has no page yet: without it, the part before it
    /// reads on.
    pub(super) fn can_be_given_up(&self) -> bool {
        self.entry_after.is_some() && self.first_sid.is_none()
    }

    /// Nothing, and its end.
    pub(super) fn end(&self) -> ImportPage {
        ImportPage {
            position: self.position,
            link: self.next_page.clone().unwrap_or_default(),
            messages: Vec::new(),
            next_page: None,
            first_sid: None,
            given_up: Vec::new(),
            meets: None,
            reached_at: self.last_at,
            page_sids: HashSet::new(),
            before: self.last_listed.clone(),
            unreadable: Vec::new(),
        }
    }

    /// Decides about a page: what is stored, who counts it, where it continues.
    ///
    /// A page whose link points to itself is a repeated page, or its link is wrong: an error, and
    /// it is fetched again.
    pub(super) fn read(
        &mut self,
        context: &ImportContext,
        page: HistoryPage,
        neighbours: &Neighbours,
    ) -> Result<ImportPage, TwilioError> {
        self.count_page(&page)?;
        if self.can_be_given_up() && !page.is_of_whole_list() {
            return Ok(self.end());
        }
        let mut unreadable = page.unreadable;
        let (passed, page_sids) = self.overlap(&page.messages);
        let now = context.state.clock.now();
        let (mut some_older, mut some_wanted) = (false, false);
        let mut messages = Vec::with_capacity(page.messages.len());
        let mut first_sid = self.first_sid.clone();
        let (mut given_up, mut meets) = (Vec::new(), None);
        for (place, message) in page.messages.into_iter().enumerate() {
            let sid = message.sid.as_str();
            // Stop only at a neighbour's first message that lies ahead. A neighbour that began
            // behind us stops where we began; if we stopped too, nobody would read on.
            if place >= passed && neighbours.begun.contains(sid) {
                meets = Some(sid.to_owned());
                break;
            }
            given_up.extend(neighbours.waiting.get(sid));
            first_sid.get_or_insert_with(|| sid.to_owned());
            let (owner, last_at) = (&context.owner, self.last_at);
            let Some(imported) = understand_listed(message, owner, last_at, now, &mut unreadable)
            else {
                continue;
            };
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
            next_page: page.next_page.filter(|_| !is_past_since && meets.is_none()),
            messages,
            first_sid,
            given_up,
            meets,
            page_sids,
            unreadable,
            ..self.end()
        })
    }

    /// An error if the list is a loop.
    fn count_page(&mut self, page: &HistoryPage) -> Result<(), TwilioError> {
        let leads_nowhere = page.next_page.is_some() && page.next_page == self.next_page;
        self.pages += 1;
        if leads_nowhere || self.pages > MOST_PAGES {
            let why = "its pages form a loop".to_owned();
            return Err(TwilioError::OutcomeUnknown(why));
        }
        Ok(())
    }

    /// How many of the page's messages this part has passed before (newer ones may stand in
    /// between), and the SIDs that the next page is compared with.
    fn overlap(&self, messages: &[HistoryMessage]) -> (usize, HashSet<String>) {
        let shows_again =
            |message: &HistoryMessage| self.page_before.contains(message.sid.as_str());
        let last = messages.iter().rposition(shows_again);
        let passed = last.map_or(0, |last| last + 1);
        let mut sids: HashSet<String> = messages.iter().map(|m| m.sid.to_string()).collect();
        if passed > 0 {
            sids.extend(self.page_before.iter().cloned());
        }
        (passed, sids)
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
        self.page_before = page.page_sids;
        let last = page.messages.last();
        let last = last.map(|(imported, _)| LastListed::of(&imported.message));
        self.last_listed = last.or(page.before);
        self.first_sid = page.first_sid;
        self.next_page = page.next_page;
    }
}
