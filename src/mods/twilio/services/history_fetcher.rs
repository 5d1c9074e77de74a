//! Reads all parts of a history, several pages at once, and stores them one after the other.

use std::time::{Duration, Instant};

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use tokio::task::JoinSet;

use super::{
    history_part::{HistoryPart, ImportPage, Neighbours},
    import_history_page_service::import_history_page_service,
    sms_sync_context::{SmsSyncContext, SmsSyncStop},
};
use crate::{
    entities::sms_sync_window,
    mods::twilio::utils::{
        AdaptiveLimit, HistoryPage, TwilioError, fetch_twilio_message_history_util,
    },
};

/// How often the lease is renewed while no page is stored.
const RENEW_EVERY: Duration = Duration::from_secs(3);
/// An error after this long is taken for a time-out: there is too much under way.
const TIMED_OUT_AFTER: Duration = Duration::from_secs(5);

/// A page that came, or did not.
struct Fetched {
    part: usize,
    took: Duration,
    result: Result<HistoryPage, TwilioError>,
}

/// Reads every part to its end. Memory is bounded: no more pages are held than may be under way at
/// once, since a page that has come keeps its place until it is stored.
pub(super) async fn import_history(context: &SmsSyncContext) -> Result<(), SmsSyncStop> {
    let mut fetcher = HistoryFetcher {
        context,
        parts: all_parts(context).await?,
        limit: AdaptiveLimit::new(),
        paused_until: Instant::now(),
        fetches: JoinSet::new(),
    };
    fetcher.run().await
}

/// Those that are done too: others end where they began.
async fn all_parts(context: &SmsSyncContext) -> Result<Vec<HistoryPart>, SmsSyncStop> {
    let rows = sms_sync_window::Entity::in_org(context.lease.organization_id)
        .filter(sms_sync_window::Column::RunId.eq(context.lease.run_id))
        .order_by_asc(sms_sync_window::Column::Position)
        .all(&context.state.db)
        .await?;
    let now = context.state.clock.now();
    Ok(rows
        .into_iter()
        .map(|row| HistoryPart::of(row, now))
        .collect())
}

struct HistoryFetcher<'a> {
    context: &'a SmsSyncContext,
    parts: Vec<HistoryPart>,
    limit: AdaptiveLimit,
    /// Twilio asked to wait until then.
    paused_until: Instant,
    fetches: JoinSet<Fetched>,
}

impl HistoryFetcher<'_> {
    async fn run(&mut self) -> Result<(), SmsSyncStop> {
        let shutdown = self.context.shutdown.clone();
        let mut renew_at = Instant::now() + RENEW_EVERY;
        loop {
            self.start_fetches();
            if self.fetches.is_empty() && self.parts.iter().all(|part| part.next_page.is_none()) {
                return Ok(());
            }
            let wake = self.next_start().map_or(renew_at, |at| at.min(renew_at));
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return Err(SmsSyncStop::Shutdown),
                () = tokio::time::sleep_until(renew_at.into()) => {
                    self.context.renew(&self.context.state.db).await?;
                    renew_at = Instant::now() + RENEW_EVERY;
                }
                Some(fetched) = self.fetches.join_next() => match fetched {
                    Ok(fetched) => self.handle(fetched).await?,
                    Err(error) => {
                        tracing::error!(%error, "fetching a page panicked");
                        return Err(crate::bases::error::AppError::Internal.into());
                    }
                },
                () = tokio::time::sleep_until(wake.into()) => {}
            }
        }
    }

    /// As many as may be under way now.
    fn start_fetches(&mut self) {
        let now = Instant::now();
        if now < self.paused_until {
            return;
        }
        for (place, part) in self.parts.iter_mut().enumerate() {
            if self.fetches.len() >= self.limit.get() {
                return;
            }
            if part.is_busy || part.not_before > now {
                continue;
            }
            let Some(link) = part.next_page.clone() else {
                continue;
            };
            part.is_busy = true;
            let reader = self.context.reader.clone();
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

    async fn handle(&mut self, fetched: Fetched) -> Result<(), SmsSyncStop> {
        let Some(position) = self.parts.get(fetched.part).map(|part| part.position) else {
            return Ok(());
        };
        let neighbours = Neighbours::of(position, &self.parts);
        let part = &mut self.parts[fetched.part];
        part.is_busy = false;
        if part.next_page.is_none() {
            // It was given up meanwhile.
            return Ok(());
        }
        let page = match fetched.result {
            Ok(page) => {
                self.limit.answered(fetched.took);
                part.read(self.context, page, &neighbours)
            }
            Err(error) => Err(error),
        };
        match page {
            Ok(page) => self.store(fetched.part, page).await,
            Err(error) => self.put_off(fetched.part, error, fetched.took).await,
        }
    }

    async fn store(&mut self, place: usize, page: ImportPage) -> Result<(), SmsSyncStop> {
        import_history_page_service(self.context, self.parts[place].position, &page).await?;
        for part in &mut self.parts {
            if page.given_up.contains(&part.position) {
                part.next_page = None;
            }
        }
        self.parts[place].advance(page);
        Ok(())
    }

    async fn put_off(
        &mut self,
        place: usize,
        error: TwilioError,
        took: Duration,
    ) -> Result<(), SmsSyncStop> {
        let now = Instant::now();
        let is_limited = matches!(error, TwilioError::RateLimited { .. });
        if is_limited || took >= TIMED_OUT_AFTER {
            self.limit.overloaded(now);
        }
        let Some(pause) = self.parts[place].patience.after(&error) else {
            let is_about_the_account = matches!(
                error,
                TwilioError::Refused {
                    status: 401 | 403,
                    ..
                }
            );
            if self.parts[place].can_be_given_up() && !is_about_the_account {
                tracing::info!(%error, run_id = %self.context.lease.run_id, "a list cannot be entered in its middle; the part before it reads on");
                return self.store(place, ImportPage::end()).await;
            }
            return Err(error.into());
        };
        if let TwilioError::RateLimited {
            retry_after: Some(wait),
        } = error
        {
            self.paused_until = self.paused_until.max(now + wait);
        }
        tracing::debug!(%error, ?pause, run_id = %self.context.lease.run_id, "a page could not be had; trying again");
        self.parts[place].not_before = now + pause;
        Ok(())
    }
}
