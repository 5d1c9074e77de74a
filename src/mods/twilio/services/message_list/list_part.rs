//! A part of Twilio's list that is being read.

use std::{
    collections::{HashMap, HashSet},
    time::Instant,
};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::{FetchPatience, ListRun, ListedPage, last_listed::LastListed};
use crate::{
    entities::states::{HistorySide, PartKind},
    mods::twilio::utils::{
        DateRange, HistoryMessage, HistoryPage, ImportedMessage, ListedMessage,
        history_message_to_new_util,
    },
    twilio::TwilioError,
};

/// A part under way: its place in Twilio's list, and what it has just seen.
#[derive(Debug)]
pub struct ListPart {
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
    pub entry_after: Option<String>,
    /// The first message that it was given.
    pub first_sid: Option<String>,
    /// SIDs of the page before: items can shift from one page to the next while new messages
    /// arrive (twilio-ruby#251), and a page can be given again.
    pub page_before: HashSet<String>,
    pages: u32,
    /// The last message of the page before, if it was read by this node.
    last_listed: Option<LastListed>,
    /// Time of the last message, for neighbours without one.
    pub last_at: DateTime<Utc>,
}

/// Where the other parts of a list without a filter are.
#[derive(Debug, Default)]
pub struct Neighbours {
    /// The first messages of those that have begun: a part that meets one ends before it.
    begun: HashSet<String>,
    /// Those that have no page yet, by the message behind which they would begin.
    waiting: HashMap<String, i32>,
}

impl Neighbours {
    /// The others that read the same list as the part at a place.
    pub fn of(place: usize, parts: &[ListPart]) -> Self {
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

impl ListPart {
    /// A part at its beginning.
    pub fn new(
        position: i32,
        side: HistorySide,
        kind: PartKind,
        window: DateRange,
        first_page: Option<String>,
        now: DateTime<Utc>,
    ) -> Self {
        // Fallback time for messages without a readable date: one day past this part's days, so
        // that only the next part counts them.
        let newest = window.widened().last_day;
        let newest = newest.map(|day| day.and_time(NaiveTime::MIN).and_utc());
        Self {
            position,
            next_page: first_page,
            is_busy: false,
            not_before: Instant::now(),
            patience: FetchPatience::default(),
            side,
            kind,
            window,
            entry_after: None,
            first_sid: None,
            page_before: HashSet::new(),
            pages: 0,
            last_listed: None,
            last_at: newest.unwrap_or(now),
        }
    }

    /// Whether it enters a list in the middle and has no page yet: without it, the part before it
    /// reads on.
    pub fn can_be_given_up(&self) -> bool {
        self.entry_after.is_some() && self.first_sid.is_none()
    }

    /// Nothing, and its end.
    pub fn end(&self) -> ListedPage {
        ListedPage {
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
    pub fn read(
        &mut self,
        run: &ListRun,
        page: HistoryPage,
        neighbours: &Neighbours,
    ) -> Result<ListedPage, TwilioError> {
        self.count_page(&page, run.most_pages)?;
        if self.can_be_given_up() && !page.is_of_whole_list() {
            return Ok(self.end());
        }
        let mut unreadable = page.unreadable;
        let (passed, page_sids) = self.overlap(&page.messages);
        let now = run.state.clock.now();
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
            let Some(imported) = self.understand(run, message, now, &mut unreadable) else {
                continue;
            };
            let day = imported.message.at.date_naive();
            if run.since.is_some_and(|since| day < since) {
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
        Ok(ListedPage {
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

    /// A message of the list as one of ours; none if it is somebody else's, or cannot be read: then
    /// its SID is noted. One without a date has that of the message before it.
    fn understand(
        &mut self,
        run: &ListRun,
        message: HistoryMessage,
        now: DateTime<Utc>,
        unreadable: &mut Vec<String>,
    ) -> Option<ImportedMessage> {
        let sid = message.sid.to_string();
        match history_message_to_new_util(message, &run.owner, self.last_at, now) {
            ListedMessage::Ours(imported) => {
                self.last_at = imported.message.at;
                Some(*imported)
            }
            ListedMessage::NotOurs => None,
            ListedMessage::Unreadable => {
                unreadable.push(sid);
                None
            }
        }
    }

    /// An error if the list is a loop.
    fn count_page(&mut self, page: &HistoryPage, most_pages: u32) -> Result<(), TwilioError> {
        let leads_nowhere = page.next_page.is_some() && page.next_page == self.next_page;
        self.pages += 1;
        if leads_nowhere || self.pages > most_pages {
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
    pub fn advance(&mut self, page: ListedPage) {
        self.patience = FetchPatience::default();
        self.page_before = page.page_sids;
        let last = page.messages.last();
        let last = last.map(|(imported, _)| LastListed::of(&imported.message));
        self.last_listed = last.or(page.before);
        self.first_sid = page.first_sid;
        self.next_page = page.next_page;
    }
}
