//! Reads all parts of a list, several pages at once, and hands the pages to a policy.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use futures::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use tokio::task::JoinSet;

use super::{
    DatabasePatience, ListRun, ListedPage, PagePolicy, RunStop,
    list_part::{ListPart, Neighbours},
};
use crate::{
    bases::error::AppError,
    entities::states::HistorySide,
    mods::twilio::utils::{AdaptiveLimit, HistoryPage, fetch_twilio_message_history_util},
    twilio::TwilioError,
};

/// How often the lease is renewed while no page is stored.
const RENEW_EVERY: Duration = Duration::from_secs(3);
/// An error after this long counts as a timeout: too much is under way.
const TIMED_OUT_AFTER: Duration = Duration::from_secs(5);

/// The outcome of fetching a page.
struct Fetched {
    part: usize,
    took: Duration,
    result: Result<HistoryPage, TwilioError>,
}

/// The outcome of storing a page.
struct Stored {
    part: usize,
    page: ListedPage,
    result: Result<(), RunStop>,
}

/// The pages of one side, which are stored one after the other: a part may end where another one
/// begins only if that is stored. The two sides are independent.
#[derive(Default)]
struct Lane {
    /// Parts whose page has come; none for one that is given up.
    waiting: VecDeque<(usize, Option<HistoryPage>)>,
    is_storing: bool,
}

/// Reads the parts of a list. Memory is bounded: no more pages are held than may be under way at
/// once, since a page that has come keeps its place until it is stored.
pub struct PageWalker<'a, P> {
    policy: &'a P,
    run: &'a ListRun,
    parts: Vec<ListPart>,
    limit: AdaptiveLimit,
    /// Twilio asked to wait until then.
    paused_until: Instant,
    fetches: JoinSet<Fetched>,
    /// Of what was received, and of what was sent.
    lanes: [Lane; 2],
    stores: FuturesUnordered<BoxFuture<'a, Stored>>,
}

impl<'a, P: PagePolicy> PageWalker<'a, P> {
    pub fn new(policy: &'a P, parts: Vec<ListPart>) -> Self {
        let run = policy.run();
        Self {
            policy,
            run,
            parts,
            limit: AdaptiveLimit::new(run.pages_at_once),
            paused_until: Instant::now(),
            fetches: JoinSet::new(),
            lanes: Default::default(),
            stores: FuturesUnordered::new(),
        }
    }

    /// Reads every part to its end.
    pub async fn walk(&mut self) -> Result<(), RunStop> {
        let shutdown = self.run.shutdown.clone();
        let mut renew_at = Instant::now() + RENEW_EVERY;
        loop {
            self.start_stores()?;
            self.start_fetches();
            if self.is_at_its_end() {
                return Ok(());
            }
            let wake = self.next_start().map_or(renew_at, |at| at.min(renew_at));
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return Err(RunStop::Shutdown),
                () = tokio::time::sleep_until(renew_at.into()) => {
                    // A page that is being stored renews it too, and holds the run's row until its
                    // end, which would not come while this waits for the row.
                    if self.stores.is_empty() {
                        self.run.renew(&self.run.state.db).await?;
                    }
                    renew_at = Instant::now() + RENEW_EVERY;
                }
                Some(stored) = self.stores.next() => self.take_stored(stored)?,
                Some(fetched) = self.fetches.join_next() => match fetched {
                    Ok(fetched) => self.take_fetched(fetched)?,
                    Err(error) => {
                        tracing::error!(%error, "fetching a page panicked");
                        return Err(AppError::Internal.into());
                    }
                },
                () = tokio::time::sleep_until(wake.into()) => {}
            }
        }
    }

    fn is_at_its_end(&self) -> bool {
        let is_idle = |lane: &Lane| lane.waiting.is_empty() && !lane.is_storing;
        self.fetches.is_empty()
            && self.lanes.iter().all(is_idle)
            && self.parts.iter().all(|part| part.next_page.is_none())
    }

    /// Starts as many fetches as may be under way now.
    fn start_fetches(&mut self) {
        let now = Instant::now();
        if now < self.paused_until {
            return;
        }
        let mut under_way = self.parts.iter().filter(|part| part.is_busy).count();
        for (place, part) in self.parts.iter_mut().enumerate() {
            if under_way >= self.limit.get() {
                return;
            }
            if part.is_busy || part.not_before > now {
                continue;
            }
            let Some(link) = part.next_page.clone() else {
                continue;
            };
            part.is_busy = true;
            under_way += 1;
            let reader = self.run.reader.clone();
            self.fetches.spawn(async move {
                let started = Instant::now();
                let result = fetch_twilio_message_history_util(&reader, &link).await;
                Fetched {
                    part: place,
                    took: started.elapsed(),
                    result,
                }
            });
        }
    }

    /// When the next fetch may start that may not start now.
    fn next_start(&self) -> Option<Instant> {
        let now = Instant::now();
        let waiting = self
            .parts
            .iter()
            .filter(|part| !part.is_busy && part.next_page.is_some());
        waiting
            .map(|part| part.not_before.max(self.paused_until))
            .filter(|at| *at > now)
            .min()
    }

    fn take_fetched(&mut self, fetched: Fetched) -> Result<(), RunStop> {
        match fetched.result {
            Ok(page) => {
                self.limit.answered(fetched.took);
                self.lane_of(fetched.part)
                    .waiting
                    .push_back((fetched.part, Some(page)));
                Ok(())
            }
            Err(error) => self.put_off(fetched.part, error, fetched.took),
        }
    }

    /// Each side stores one page at a time.
    fn start_stores(&mut self) -> Result<(), RunStop> {
        for lane in 0..self.lanes.len() {
            while !self.lanes[lane].is_storing {
                let Some((place, page)) = self.lanes[lane].waiting.pop_front() else {
                    break;
                };
                if let Some(page) = self.read(place, page)? {
                    self.lanes[lane].is_storing = true;
                    self.stores.push(store(self.policy, place, page));
                }
            }
        }
        Ok(())
    }

    /// What to store of a page; nothing if it must be fetched again, or its part was given up
    /// meanwhile.
    fn read(
        &mut self,
        place: usize,
        page: Option<HistoryPage>,
    ) -> Result<Option<ListedPage>, RunStop> {
        let neighbours = Neighbours::of(place, &self.parts);
        let part = &mut self.parts[place];
        if part.next_page.is_none() {
            part.is_busy = false;
            return Ok(None);
        }
        let Some(page) = page else {
            return Ok(Some(part.end()));
        };
        match part.read(self.run, page, &neighbours) {
            Ok(page) => Ok(Some(page)),
            Err(error) => self.put_off(place, error, Duration::ZERO).map(|()| None),
        }
    }

    fn take_stored(&mut self, stored: Stored) -> Result<(), RunStop> {
        self.lane_of(stored.part).is_storing = false;
        stored.result?;
        for part in &mut self.parts {
            if stored.page.given_up.contains(&part.position) {
                part.next_page = None;
            }
        }
        let part = &mut self.parts[stored.part];
        part.is_busy = false;
        part.advance(stored.page);
        Ok(())
    }

    fn put_off(&mut self, place: usize, error: TwilioError, took: Duration) -> Result<(), RunStop> {
        let now = Instant::now();
        let is_limited = matches!(error, TwilioError::RateLimited { .. });
        if is_limited || took >= TIMED_OUT_AFTER {
            self.limit.overloaded(now);
        }
        let Some(pause) = self.parts[place].patience.after(&error) else {
            return self.give_up(place, error);
        };
        if let TwilioError::RateLimited {
            retry_after: Some(wait),
            ..
        } = error
        {
            self.paused_until = self.paused_until.max(now + wait);
        }
        tracing::debug!(%error, ?pause, run_id = %self.run.lease.id, "a page could not be fetched; trying again");
        self.parts[place].not_before = now + pause;
        self.parts[place].is_busy = false;
        Ok(())
    }

    /// Ends a part that the one before it can read as well; for any other part, ends the run.
    fn give_up(&mut self, place: usize, error: TwilioError) -> Result<(), RunStop> {
        let is_about_the_account = matches!(
            error,
            TwilioError::Refused {
                status: 401 | 403,
                ..
            }
        );
        if is_about_the_account || !self.parts[place].can_be_given_up() {
            return Err(error.into());
        }
        tracing::debug!(%error, run_id = %self.run.lease.id, "a list cannot be entered in its middle; the part before it reads on");
        self.lane_of(place).waiting.push_back((place, None));
        Ok(())
    }

    fn lane_of(&mut self, place: usize) -> &mut Lane {
        let lane = usize::from(self.parts[place].side == HistorySide::From);
        &mut self.lanes[lane]
    }
}

fn store<P: PagePolicy>(policy: &P, part: usize, mut page: ListedPage) -> BoxFuture<'_, Stored> {
    Box::pin(async move {
        let patience = DatabasePatience::new(&policy.run().shutdown);
        let result = loop {
            match policy.store(&mut page).await {
                Ok(()) => break Ok(()),
                Err(stop) => {
                    if let Err(stop) = patience.after(stop, "storing a page failed").await {
                        break Err(stop);
                    }
                }
            }
        };
        Stored { part, page, result }
    })
}
