use std::collections::HashSet;

use chrono::{Datelike, Months, NaiveDate};
use futures::future::try_join_all;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, TransactionTrait,
};
use tokio::sync::Semaphore;

use super::{
    RunStop, fetch_patience::FetchPatience, import_context::ImportContext,
    import_reporter::notice_of,
};
use crate::{
    bases::{lease::Guard, realtime::publish_realtime},
    entities::sms_sync_window,
    mods::twilio::utils::{
        DateRange, HistoryPage, HistoryQuery, HistorySide, fetch_twilio_message_history_util,
        split_date_range_util,
    },
};

/// Twilio was founded in 2008: no account has an older message.
const FIRST_YEAR: i32 = 2008;

/// Places that a range of months is tried at in one round, if as many requests may be under way.
const PLACES: u32 = 7;

/// Parts of a direction for each page that may be under way: parts are of different lengths, and
/// with more of them the last one is shorter.
const PARTS_PER_PAGE: u32 = 4;

/// A part of the history that is read page by page, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartKind {
    /// Everything of its side, without a filter by date, from its beginning to where the next
    /// part of this kind begins.
    All,
    /// What was sent in its days.
    Dates,
    /// What has no date of sending, and so falls through every filter by date.
    Undated,
}

impl PartKind {
    /// The name in the database.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Dates => "dates",
            Self::Undated => "undated",
        }
    }
}

struct Part {
    side: HistorySide,
    kind: PartKind,
    window: DateRange,
    entry: Option<Entry>,
}

/// A place inside a list without a filter by date.
struct Entry {
    /// SID of the message behind which it is.
    after: String,
    link: String,
}

const EVERYTHING: DateRange = DateRange {
    first_day: None,
    last_day: None,
};

/// The requests of a plan, never more at once than pages of a run may be.
struct Search<'a> {
    context: &'a ImportContext,
    at_once: Semaphore,
}

/// Decides which parts the history is read in, unless that was decided before.
///
/// A side that fits on one page is one part, and so is any where no two pages may be read at
/// once. What was received always has a date of sending: a
/// longer list of it is split by months, each part asking for a day more on both sides, because
/// Twilio filters by date only.
///
/// What was sent may have none (scheduled, cancelled, never sent), and then matches no filter by
/// date. So it is read as one list without that filter, entered at several places at once, which
/// a filter by date finds: behind the newest message of each month. A part ends where it meets
/// the first message of another part, and the last one where the list does. This is complete
/// whatever the links into the list do, as long as the list is one sequence that its pages
/// follow: a part without a page of its own is given up when the part before it passes its place,
/// as is one whose link is refused, or leads to a list with a filter. Then the part before it
/// simply reads on. Only the speed hangs on these links.
///
/// With `since` most of the list would be read for nothing: what was sent is split by date too,
/// and a part of its own reads the list without the filter, newest first (twilio-oai#22), keeps
/// only what has no date, and ends at the first page that is older.
pub(super) async fn plan_import_service(context: &ImportContext) -> Result<(), RunStop> {
    let is_planned = sms_sync_window::Entity::in_org(context.lease.organization_id)
        .filter(sms_sync_window::Column::RunId.eq(context.lease.id))
        .count(&context.state.db)
        .await?
        > 0;
    if is_planned {
        return Ok(());
    }
    let search = Search {
        context,
        at_once: Semaphore::new(context.state.config.import_pages_at_once as usize),
    };
    let (to, from) = futures::try_join!(
        parts_of_side(&search, HistorySide::To),
        parts_of_side(&search, HistorySide::From)
    )?;
    // What reads without a filter has the longest way.
    let parts: Vec<Part> = from.into_iter().chain(to).collect();
    store(context, &parts).await
}

async fn parts_of_side(search: &Search<'_>, side: HistorySide) -> Result<Vec<Part>, RunStop> {
    let context = search.context;
    let since = DateRange {
        first_day: context.since,
        last_day: None,
    };
    let page_size = context.state.config.twilio_page_size;
    let first = search.fetch(side, since, page_size).await?;
    let windows = if first.next_page.is_none() || context.state.config.import_pages_at_once == 1 {
        vec![since]
    } else {
        split(search, side).await?
    };
    let part = |kind, window| Part {
        side,
        kind,
        window,
        entry: None,
    };
    let by_date = |window| part(PartKind::Dates, window);
    Ok(match (side, context.since) {
        (_, None) if windows.len() == 1 => vec![part(PartKind::All, EVERYTHING)],
        (HistorySide::From, None) => {
            let mut parts = vec![part(PartKind::All, EVERYTHING)];
            parts.extend(entries(search, side, &first, &windows).await?);
            parts
        }
        (HistorySide::From, Some(_)) => {
            let mut parts = vec![part(PartKind::Undated, EVERYTHING)];
            parts.extend(windows.into_iter().map(by_date));
            parts
        }
        (HistorySide::To, _) => windows.into_iter().map(by_date).collect(),
    })
}

/// The places where the list without a filter by date is entered: behind the newest message of
/// each window but the first, which begins where the list does.
async fn entries(
    search: &Search<'_>,
    side: HistorySide,
    head: &HistoryPage,
    windows: &[DateRange],
) -> Result<Vec<Part>, RunStop> {
    let page_size = search.context.state.config.twilio_page_size;
    let last_days: Vec<NaiveDate> = windows
        .iter()
        .filter_map(|window| window.last_day)
        .collect();
    let found = try_join_all(last_days.iter().map(|last_day| {
        let until = DateRange {
            first_day: None,
            last_day: Some(*last_day),
        };
        search.fetch(side, until, 1)
    }))
    .await?;
    // A month without a message leads to the same place as the one before it.
    let mut seen: HashSet<&str> = head.messages.iter().map(|m| m.sid.as_str()).collect();
    let entries = last_days.iter().zip(&found).filter_map(|(last_day, page)| {
        let after = page.messages.last()?.sid.as_str();
        let link = page.whole_list_behind(page_size)?;
        seen.insert(after).then(|| Part {
            side,
            kind: PartKind::All,
            window: DateRange {
                first_day: None,
                last_day: Some(*last_day),
            },
            entry: Some(Entry {
                after: after.to_owned(),
                link,
            }),
        })
    });
    Ok(entries.collect())
}

async fn split(search: &Search<'_>, side: HistorySide) -> Result<Vec<DateRange>, RunStop> {
    let context = search.context;
    let today = context.state.clock.now().date_naive();
    let earliest = find_earliest_month(search, side, today).await?;
    let most = context.state.config.import_pages_at_once * PARTS_PER_PAGE;
    let mut windows = split_date_range_util(earliest, today, most);
    // The oldest is open at its beginning, unless that was asked for.
    if let Some(oldest) = windows.last_mut() {
        oldest.first_day = context.since;
    }
    Ok(windows)
}

/// The first month with a message: seven requests for one message each, at once, leave an eighth
/// of the months; three rounds are enough for forty years.
async fn find_earliest_month(
    search: &Search<'_>,
    side: HistorySide,
    today: NaiveDate,
) -> Result<NaiveDate, RunStop> {
    let since = search.context.since;
    let founded = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap_or(today);
    let begin = since.unwrap_or(founded).with_day(1).unwrap_or(founded);
    let months = (today.year() - begin.year()) * 12 + today.month0() as i32 - begin.month0() as i32;
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
            search.fetch(side, until, 1)
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

impl Search<'_> {
    /// A first page, tried again for a while if need be.
    async fn fetch(
        &self,
        side: HistorySide,
        window: DateRange,
        page_size: u32,
    ) -> Result<HistoryPage, RunStop> {
        let context = self.context;
        let query = HistoryQuery {
            side,
            number: &context.owner.number,
            from_date: window.first_day,
            to_date: window.last_day,
            page_size,
        };
        let link = query.first_page(context.reader.account_sid());
        let mut patience = FetchPatience::default();
        loop {
            let asked = {
                // Closed by nobody: an error would mean to ask without a permit.
                let _permit = self.at_once.acquire().await.ok();
                context.renew(&context.state.db).await?;
                fetch_twilio_message_history_util(&context.reader, &link).await
            };
            let error = match asked {
                Ok(page) => return Ok(page),
                Err(error) => error,
            };
            let Some(pause) = patience.after(&error) else {
                return Err(error.into());
            };
            tracing::info!(%error, run_id = %context.lease.id, "the beginning of a history could not be had; trying again");
            pause_renewing(context, pause).await?;
        }
    }
}

/// Waits, and keeps the lease meanwhile: Twilio may ask for minutes.
async fn pause_renewing(
    context: &ImportContext,
    pause: std::time::Duration,
) -> Result<(), RunStop> {
    let end = tokio::time::Instant::now() + pause;
    while tokio::time::Instant::now() < end {
        let next = tokio::time::Instant::now() + std::time::Duration::from_secs(3);
        tokio::select! {
            () = context.shutdown.cancelled() => return Err(RunStop::Shutdown),
            () = tokio::time::sleep_until(end.min(next)) => context.renew(&context.state.db).await?,
        }
    }
    Ok(())
}

async fn store(context: &ImportContext, parts: &[Part]) -> Result<(), RunStop> {
    let rows = parts
        .iter()
        .enumerate()
        .map(|(position, part)| row(context, position, part));
    let transaction = context.state.db.begin().await?;
    let total = [i32::try_from(parts.len()).unwrap_or(i32::MAX).into()];
    let set = "parts_total = $3, parts_done = 0";
    let lease = &context.lease;
    if !lease
        .update(&transaction, set, total, Guard::none())
        .await?
    {
        return Err(RunStop::NotOurs);
    }
    sms_sync_window::Entity::insert_many(rows)
        .exec_without_returning(&transaction)
        .await?;
    let notice = notice_of(context.lease.organization_id, context.lease.id);
    publish_realtime(&transaction, &[notice]).await?;
    transaction.commit().await?;
    Ok(())
}

fn row(context: &ImportContext, position: usize, part: &Part) -> sms_sync_window::ActiveModel {
    let asked = part.window.widened();
    let query = HistoryQuery {
        side: part.side,
        number: &context.owner.number,
        from_date: asked.first_day,
        to_date: asked.last_day,
        page_size: context.state.config.twilio_page_size,
    };
    let link = match &part.entry {
        Some(entry) => entry.link.clone(),
        None => query.first_page(context.reader.account_sid()),
    };
    sms_sync_window::ActiveModel {
        organization_id: Set(context.lease.organization_id.0),
        run_id: Set(context.lease.id),
        position: Set(i32::try_from(position).unwrap_or(i32::MAX)),
        side: Set(part.side.as_str().to_owned()),
        kind: Set(part.kind.as_str().to_owned()),
        from_date: Set(part.window.first_day),
        to_date: Set(part.window.last_day),
        next_page: Set(Some(link)),
        done: Set(false),
        entry_after: Set(part.entry.as_ref().map(|entry| entry.after.clone())),
        first_sid: Set(None),
        reached_at: Set(None),
        page_sids: Set(None),
    }
}
