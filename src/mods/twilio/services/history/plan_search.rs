//! The requests that find out where a history can be split.

use std::time::Duration;

use chrono::{Datelike, Months, NaiveDate};
use futures::future::try_join_all;
use tokio::{sync::Semaphore, time::Instant};

use crate::{
    entities::states::HistorySide,
    mods::twilio::{
        services::message_list::{FetchPatience, ListRun, RunStop},
        utils::{
            DateRange, HistoryPage, HistoryQuery, fetch_twilio_message_history_util,
            split_date_range_util,
        },
    },
};

/// Twilio was founded in 2008: no account has an older message.
const FIRST_YEAR: i32 = 2008;

/// Places that a range of months is tried at in one round, if as many requests may be under way.
const PLACES: u32 = 7;

/// Parts of a direction for each page that may be under way: parts are of different lengths, and
/// with more of them the last one is shorter.
const PARTS_PER_PAGE: u32 = 4;

/// How often the lease is renewed meanwhile.
const RENEW_EVERY: Duration = Duration::from_secs(3);

/// The requests of a plan, never more at once than pages of a run may be.
pub(super) struct Search<'a> {
    pub(super) run: &'a ListRun,
    pub(super) at_once: Semaphore,
}

impl Search<'_> {
    /// A first page, tried again for a while if need be.
    pub(super) async fn fetch(
        &self,
        side: HistorySide,
        window: DateRange,
        page_size: u32,
    ) -> Result<HistoryPage, RunStop> {
        let run = self.run;
        let query = HistoryQuery {
            side,
            number: &run.owner.number,
            from_date: window.first_day,
            to_date: window.last_day,
            page_size,
        };
        let link = query.first_page(run.reader.account_sid());
        let mut patience = FetchPatience::default();
        loop {
            let asked = {
                // Closed by nobody: an error would mean to ask without a permit.
                let _permit = self.at_once.acquire().await.ok();
                run.renew(&run.state.db).await?;
                fetch_twilio_message_history_util(&run.reader, &link).await
            };
            let error = match asked {
                Ok(page) => return Ok(page),
                Err(error) => error,
            };
            let Some(pause) = patience.after(&error) else {
                return Err(error.into());
            };
            tracing::info!(%error, run_id = %run.lease.id, "the first pages of a history could not be fetched; trying again");
            pause_renewing(run, pause).await?;
        }
    }

    /// Splits a side by months, from the first one with a message.
    pub(super) async fn split(&self, side: HistorySide) -> Result<Vec<DateRange>, RunStop> {
        let run = self.run;
        let today = run.state.clock.now().date_naive();
        let earliest = self.find_earliest_month(side, today).await?;
        let most = run.state.config.import_pages_at_once * PARTS_PER_PAGE;
        let mut windows = split_date_range_util(earliest, today, most);
        // The oldest is open at its beginning, unless that was asked for.
        if let Some(oldest) = windows.last_mut() {
            oldest.first_day = run.since;
        }
        Ok(windows)
    }

    /// The first month with a message: seven requests for one message each, at once, leave an eighth
    /// of the months; three rounds are enough for forty years.
    async fn find_earliest_month(
        &self,
        side: HistorySide,
        today: NaiveDate,
    ) -> Result<NaiveDate, RunStop> {
        let since = self.run.since;
        let founded = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap_or(today);
        let begin = since.unwrap_or(founded).with_day(1).unwrap_or(founded);
        let months =
            (today.year() - begin.year()) * 12 + today.month0() as i32 - begin.month0() as i32;
        let month = |n: u32| begin.checked_add_months(Months::new(n)).unwrap_or(today);
        let (mut low, mut high) = (0, u32::try_from(months).unwrap_or(0));
        while low < high {
            let step = (high - low).div_ceil(PLACES + 1);
            let places: Vec<u32> = (low + step - 1..high)
                .step_by(step as usize)
                .take(PLACES as usize)
                .collect();
            let pages = try_join_all(places.iter().map(|place| {
                let until = DateRange {
                    first_day: since,
                    last_day: month(place + 1).pred_opt(),
                };
                self.fetch(side, until, 1)
            }))
            .await?;
            for (place, page) in places.into_iter().zip(pages) {
                if !page.messages.is_empty() {
                    high = place;
                    break;
                }
                low = place + 1;
            }
        }
        Ok(month(low))
    }
}

/// Waits, and keeps the lease meanwhile: Twilio may ask for minutes.
async fn pause_renewing(run: &ListRun, pause: Duration) -> Result<(), RunStop> {
    let end = Instant::now() + pause;
    while Instant::now() < end {
        let next = Instant::now() + RENEW_EVERY;
        tokio::select! {
            () = run.shutdown.cancelled() => return Err(RunStop::Shutdown),
            () = tokio::time::sleep_until(end.min(next)) => run.renew(&run.state.db).await?,
        }
    }
    Ok(())
}
