use std::collections::HashSet;

use dioxus::prelude::*;

use crate::{
    bases::{browser, error::AppError, ids::TwilioEventId},
    entities::states::TwilioEventState,
    mods::{
        auth::hooks::{Outcomes, Session, use_outcomes, use_session},
        twilio::{
            api::{
                list_twilio_events_api, process_event_again_api, process_parked_events_again_api,
            },
            types::{TwilioEventCounts, TwilioEventPage, TwilioEventRow},
            utils::merge_event_page_util,
        },
    },
};

/// No browser event tells of stored events: the page asks this often, while it can be seen.
const LOOK_EVERY_MS: u32 = 3_000;

/// The stored events as this browser knows them; it looks again every few seconds.
#[derive(Clone, Copy, PartialEq)]
pub struct TwilioEvents {
    rows: Signal<Vec<TwilioEventRow>>,
    next_before: Signal<Option<TwilioEventId>>,
    counts: Signal<TwilioEventCounts>,
    state: Signal<Option<TwilioEventState>>,
    sid: Signal<String>,
    error: Signal<Option<AppError>>,
    /// Whether an answer is awaited that will change what is shown.
    loading: Signal<bool>,
    /// Answers may overtake each other: only the one that was asked for last counts.
    asked: Signal<u64>,
    /// Events that are being put back, and `None` for all parked ones.
    busy: Signal<HashSet<Option<TwilioEventId>>>,
    session: Session,
    outcomes: Outcomes,
}

/// The stored events, live.
pub fn use_twilio_events(first: TwilioEventPage) -> TwilioEvents {
    let (session, outcomes) = (use_session(), use_outcomes());
    let events = use_hook(|| TwilioEvents {
        rows: Signal::new(first.events),
        next_before: Signal::new(first.next_before),
        counts: Signal::new(first.counts),
        state: Signal::new(None),
        sid: Signal::new(String::new()),
        error: Signal::new(None),
        loading: Signal::new(false),
        asked: Signal::new(0),
        busy: Signal::new(HashSet::new()),
        session,
        outcomes,
    });
    use_future(move || async move {
        loop {
            browser::sleep(LOOK_EVERY_MS).await;
            if browser::is_page_visible() {
                events.look(false).await;
            }
        }
    });
    events
}

impl TwilioEvents {
    /// The events that are loaded, newest first.
    pub fn rows(self) -> Vec<TwilioEventRow> {
        (self.rows)()
    }

    /// How many are in the states that somebody may have to look at.
    pub fn counts(self) -> TwilioEventCounts {
        (self.counts)()
    }

    /// Only events in this state are shown.
    pub fn state(self) -> Option<TwilioEventState> {
        (self.state)()
    }

    /// Only events of this id are shown, unless it is empty.
    pub fn sid(self) -> String {
        (self.sid)()
    }

    /// Why the last look brought nothing.
    pub fn error(self) -> Option<AppError> {
        (self.error)()
    }

    /// Whether another list is on its way.
    pub fn is_loading(self) -> bool {
        (self.loading)()
    }

    /// Whether there are earlier events.
    pub fn has_more(self) -> bool {
        self.next_before.read().is_some()
    }

    /// Whether the event (or, with `None`, all parked ones) is being put back.
    pub fn is_busy(self, event: Option<TwilioEventId>) -> bool {
        self.busy.read().contains(&event)
    }

    /// Shows other events.
    pub fn filter(mut self, state: Option<TwilioEventState>, sid: &str) {
        self.state.set(state);
        self.sid.set(sid.trim().to_owned());
        self.reload();
    }

    /// Loads the list again.
    pub fn reload(mut self) {
        self.loading.set(true);
        spawn(async move { self.look(true).await });
    }

    /// Loads the events below those that are shown.
    pub fn load_more(mut self) {
        let Some(before) = *self.next_before.peek() else {
            return;
        };
        if *self.loading.peek() {
            return;
        }
        self.loading.set(true);
        let number = self.ask();
        spawn(async move {
            let answer = list_twilio_events_api(*self.state.peek(), None, Some(before)).await;
            if *self.asked.peek() != number {
                return;
            }
            self.loading.set(false);
            match answer {
                Ok(page) => {
                    self.rows.write().extend(page.events);
                    self.next_before.set(page.next_before);
                    self.counts.set(page.counts);
                }
                Err(error) => self.fail(error),
            }
        });
    }

    /// Lets an event be processed again.
    pub async fn process_again(mut self, id: TwilioEventId) {
        self.busy.write().insert(Some(id));
        match process_event_again_api(id).await {
            Ok(row) => {
                let mut rows = self.rows.write();
                if let Some(known) = rows.iter_mut().find(|known| known.id == id) {
                    *known = row;
                }
                drop(rows);
                self.look(false).await;
            }
            Err(error) => self.outcomes.tell_failure("Not processed again.", &error),
        }
        self.busy.write().remove(&Some(id));
    }

    /// Lets all parked events be processed again.
    pub async fn process_all_parked_again(mut self) {
        self.busy.write().insert(None);
        match process_parked_events_again_api().await {
            Ok(again) => {
                let more = if again.has_more {
                    " There are more."
                } else {
                    ""
                };
                let events = match again.events {
                    1 => "1 event is".to_owned(),
                    events => format!("{events} events are"),
                };
                self.outcomes
                    .tell_success(format!("{events} processed again.{more}"));
                self.look(false).await;
            }
            Err(error) => self.outcomes.tell_failure("Not processed again.", &error),
        }
        self.busy.write().remove(&None);
    }

    fn ask(mut self) -> u64 {
        let number = *self.asked.peek() + 1;
        self.asked.set(number);
        number
    }

    /// Gets the newest events. `anew` forgets what is shown; else earlier ones that were loaded
    /// stay.
    async fn look(mut self, anew: bool) {
        if !anew && *self.loading.peek() {
            return;
        }
        let number = self.ask();
        let (state, sid) = (*self.state.peek(), self.sid.peek().clone());
        let sid = Some(sid).filter(|sid| !sid.is_empty());
        let answer = list_twilio_events_api(state, sid, None).await;
        if *self.asked.peek() != number {
            return;
        }
        if anew {
            self.loading.set(false);
        }
        match answer {
            Ok(page) => {
                self.error.set(None);
                self.counts.set(page.counts);
                if anew {
                    self.rows.set(page.events);
                    self.next_before.set(page.next_before);
                } else {
                    let (rows, next_before) =
                        merge_event_page_util(&self.rows.peek(), *self.next_before.peek(), page);
                    // Nothing new is no reason to draw it all again.
                    if *self.rows.peek() != rows {
                        self.rows.set(rows);
                    }
                    self.next_before.set(next_before);
                }
            }
            Err(error) => self.fail(error),
        }
    }

    fn fail(mut self, error: AppError) {
        if !self.session.ended_by(&error) {
            self.error.set(Some(error));
        }
    }
}
