use std::{cell::Cell, collections::VecDeque, rc::Rc};

#[cfg(feature = "web")]
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::{BrowserEvent, ConnectionState, resync_pause::ResyncPause};
#[cfg(feature = "web")]
use crate::bases::browser;

/// Events that are kept for hooks that have not run yet. A hook that falls behind further
/// fetches again what it shows, which is right at any distance.
#[cfg(feature = "web")]
const KEPT_EVENTS: usize = 256;

/// During a flood of events, pages are fetched again no more often than this.
#[cfg(feature = "web")]
const RESYNC_PAUSE_MS: u32 = 1_000;

/// The events of the organization, and the state of the socket.
#[derive(Clone, Copy, PartialEq)]
pub struct RealtimeContext {
    /// Whether events arrive.
    pub connection: Signal<ConnectionState>,
    /// Attempts since the link was last up; 0 while it is.
    pub failed_attempts: Signal<u32>,
    /// Goes up whenever events may have been missed: fetch again what is shown.
    pub missed: Signal<u64>,
    events: Signal<VecDeque<(u64, BrowserEvent)>>,
    resync: Signal<ResyncPause>,
}

impl RealtimeContext {
    /// A context before its link is made. Call it only as a hook.
    pub(super) fn new() -> Self {
        Self {
            connection: Signal::new(ConnectionState::Connecting),
            failed_attempts: Signal::new(0),
            missed: Signal::new(0),
            events: Signal::new(VecDeque::new()),
            resync: Signal::new(ResyncPause::Quiet),
        }
    }

    #[cfg(feature = "web")]
    pub(super) fn push(mut self, event: BrowserEvent) {
        let mut events = self.events.write();
        let sequence = events.back().map_or(1, |(last, _)| last + 1);
        if events.len() == KEPT_EVENTS {
            events.pop_front();
        }
        events.push_back((sequence, event));
    }

    /// Tells everybody that events may have been missed.
    pub fn mark_missed(mut self) {
        *self.missed.write() += 1;
    }

    /// The server says that events may have been missed. While a flood of texts comes in it says so
    /// many times a second; what is shown is then fetched once in [`RESYNC_PAUSE_MS`].
    #[cfg(feature = "web")]
    pub(super) fn take_resync(mut self) {
        let is_due = self.resync.write().hear();
        if is_due {
            self.fetch_again();
        }
    }

    #[cfg(feature = "web")]
    fn fetch_again(mut self) {
        self.mark_missed();
        spawn_forever(async move {
            browser::sleep(RESYNC_PAUSE_MS).await;
            let is_due = self.resync.write().end();
            if is_due {
                self.fetch_again();
            }
        });
    }

    fn last_sequence(self) -> u64 {
        self.events.peek().back().map_or(0, |(last, _)| *last)
    }
}

/// How far the events had come at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventPosition {
    sequence: u64,
    missed: u64,
}

impl EventPosition {
    /// Before all events that this browser hears of.
    const BEGINNING: Self = Self {
        sequence: 0,
        missed: 0,
    };

    fn now(realtime: RealtimeContext) -> Self {
        Self {
            sequence: realtime.last_sequence(),
            missed: *realtime.missed.peek(),
        }
    }
}

/// Where the events stood when the data of a page began to load: what came since is news to it.
#[derive(Clone)]
pub struct LoadStart(Rc<Cell<EventPosition>>);

impl LoadStart {
    /// For all that is below. Until something is loaded by the browser, the data are those that
    /// the server has rendered, before all events.
    pub fn provide() -> Self {
        use_context_provider(|| Self(Rc::new(Cell::new(EventPosition::BEGINNING))))
    }

    /// Something begins to load now.
    pub fn mark(&self, realtime: Option<RealtimeContext>) {
        if let Some(realtime) = realtime {
            self.0.set(EventPosition::now(realtime));
        }
    }
}

/// Where the events stood when the data of the page around this began to load. Only for what is
/// there as soon as those data are.
pub fn use_load_start() -> EventPosition {
    let realtime = use_context::<RealtimeContext>();
    use_hook(|| match try_consume_context::<LoadStart>() {
        Some(start) => start.0.get(),
        None => EventPosition::now(realtime),
    })
}

/// Calls the handler once for every event from now on.
pub fn use_realtime_events(handle: impl FnMut(&BrowserEvent) + 'static) {
    let realtime = use_context::<RealtimeContext>();
    let now = use_hook(|| EventPosition::now(realtime));
    use_realtime_events_since(now, handle);
}

/// Calls the handler once for every event since then, also for those that came meanwhile.
pub fn use_realtime_events_since(
    start: EventPosition,
    mut handle: impl FnMut(&BrowserEvent) + 'static,
) {
    let realtime = use_context::<RealtimeContext>();
    let seen = use_hook(|| Rc::new(Cell::new(start.sequence)));
    use_effect(move || {
        let last = seen.get();
        let new: Vec<_> = realtime
            .events
            .read()
            .iter()
            .filter(|(at, _)| *at > last)
            .cloned()
            .collect();
        if new.first().is_some_and(|(first, _)| *first > last + 1) {
            realtime.mark_missed();
        }
        for (sequence, event) in &new {
            seen.set(*sequence);
            handle(event);
        }
    });
}

/// Calls the handler whenever events may have been missed, from now on.
pub fn use_missed_events(handle: impl FnMut() + 'static) {
    let realtime = use_context::<RealtimeContext>();
    let now = use_hook(|| EventPosition::now(realtime));
    use_missed_events_since(now, handle);
}

/// Calls the handler whenever events may have been missed since then, also if they were meanwhile.
pub fn use_missed_events_since(start: EventPosition, mut handle: impl FnMut() + 'static) {
    let realtime = use_context::<RealtimeContext>();
    let seen = use_hook(|| Rc::new(Cell::new(start.missed)));
    use_effect(move || {
        let now = (realtime.missed)();
        if seen.replace(now) != now {
            handle();
        }
    });
}
