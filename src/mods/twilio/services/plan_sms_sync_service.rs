use chrono::{Datelike, Months, NaiveDate};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, TransactionTrait,
};

use super::{
    fetch_patience::FetchPatience,
    sms_sync_context::{SmsSyncContext, SmsSyncStop},
    sms_sync_reporter::notice_of,
};
use crate::{
    bases::realtime::publish_realtime,
    entities::{sms_sync_run, sms_sync_window},
    mods::twilio::utils::{
        DateWindow, HistoryPage, HistoryQuery, HistorySide, fetch_twilio_message_history_util,
        split_date_range_util,
    },
};

/// Twilio was founded in 2008: no account has an older message.
const FIRST_YEAR: i32 = 2008;

/// A part of the history that is read page by page, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartKind {
    /// Everything of its side.
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
    window: DateWindow,
}

const EVERYTHING: DateWindow = DateWindow {
    first_day: None,
    last_day: None,
};

/// Decides which parts the history is read in, unless that was decided before.
///
/// A side that fits on one page is one part. A longer one is split by months, each part asking
/// for a day more on both sides, because Twilio filters by date only. Messages without
/// `date_sent` (scheduled, cancelled, never sent) match no filter by date: as soon as there is
/// one, a part of its own reads the sent side without it and keeps only those. Received
/// messages always have the date.
pub(super) async fn plan_sms_sync_service(context: &SmsSyncContext) -> Result<(), SmsSyncStop> {
    let is_planned = sms_sync_window::Entity::in_org(context.lease.organization_id)
        .filter(sms_sync_window::Column::RunId.eq(context.lease.run_id))
        .count(&context.state.db)
        .await?
        > 0;
    if is_planned {
        return Ok(());
    }
    let (to, from) = futures::try_join!(
        parts_of_side(context, HistorySide::To),
        parts_of_side(context, HistorySide::From)
    )?;
    let mut parts = from;
    // The longest first: it is read in one go.
    parts.sort_by_key(|part| part.kind != PartKind::Undated);
    parts.extend(to);
    store(context, &parts).await
}

async fn parts_of_side(
    context: &SmsSyncContext,
    side: HistorySide,
) -> Result<Vec<Part>, SmsSyncStop> {
    let since = DateWindow {
        first_day: context.since,
        last_day: None,
    };
    let page_size = context.state.config.twilio_page_size;
    let first = fetch(context, side, since, page_size).await?;
    let windows = if first.next_page.is_none() {
        vec![since]
    } else {
        split(context, side).await?
    };
    let filters_by_date = windows.len() > 1 || context.since.is_some();
    let kind = if filters_by_date {
        PartKind::Dates
    } else {
        PartKind::All
    };
    let mut parts: Vec<Part> = windows
        .into_iter()
        .map(|window| Part { side, kind, window })
        .collect();
    if filters_by_date && side == HistorySide::From {
        parts.push(Part {
            side,
            kind: PartKind::Undated,
            window: EVERYTHING,
        });
    }
    Ok(parts)
}

async fn split(
    context: &SmsSyncContext,
    side: HistorySide,
) -> Result<Vec<DateWindow>, SmsSyncStop> {
    let today = context.state.clock.now().date_naive();
    let earliest = find_earliest_month(context, side, today).await?;
    let most = context.state.config.sms_sync_windows;
    let mut windows = split_date_range_util(earliest, today, most);
    // The oldest is open at its beginning, unless that was asked for.
    if let Some(oldest) = windows.last_mut() {
        oldest.first_day = context.since;
    }
    Ok(windows)
}

/// The first month with a message, found by halving: eight requests for one message each.
async fn find_earliest_month(
    context: &SmsSyncContext,
    side: HistorySide,
    today: NaiveDate,
) -> Result<NaiveDate, SmsSyncStop> {
    let founded = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap_or(today);
    let begin = context
        .since
        .unwrap_or(founded)
        .with_day(1)
        .unwrap_or(founded);
    let months = (today.year() - begin.year()) * 12 + today.month0() as i32 - begin.month0() as i32;
    let month = |n: u32| begin.checked_add_months(Months::new(n)).unwrap_or(today);
    let (mut low, mut high) = (0, u32::try_from(months).unwrap_or(0));
    while low < high {
        let middle = low.midpoint(high);
        let until = DateWindow {
            first_day: context.since,
            last_day: month(middle + 1).pred_opt(),
        };
        if fetch(context, side, until, 1).await?.messages.is_empty() {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(month(low))
}

/// A first page, tried again for a while if need be.
async fn fetch(
    context: &SmsSyncContext,
    side: HistorySide,
    window: DateWindow,
    page_size: u32,
) -> Result<HistoryPage, SmsSyncStop> {
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
        context.renew(&context.state.db).await?;
        let error = match fetch_twilio_message_history_util(&context.reader, &link).await {
            Ok(page) => return Ok(page),
            Err(error) => error,
        };
        let Some(pause) = patience.after(&error) else {
            return Err(error.into());
        };
        tracing::info!(%error, run_id = %context.lease.run_id, "the beginning of a history could not be had; trying again");
        pause_renewing(context, pause).await?;
    }
}

/// Waits, and keeps the lease meanwhile: Twilio may ask for minutes.
async fn pause_renewing(
    context: &SmsSyncContext,
    pause: std::time::Duration,
) -> Result<(), SmsSyncStop> {
    let end = tokio::time::Instant::now() + pause;
    while tokio::time::Instant::now() < end {
        let next = tokio::time::Instant::now() + std::time::Duration::from_secs(3);
        tokio::select! {
            () = context.shutdown.cancelled() => return Err(SmsSyncStop::Shutdown),
            () = tokio::time::sleep_until(end.min(next)) => context.renew(&context.state.db).await?,
        }
    }
    Ok(())
}

async fn store(context: &SmsSyncContext, parts: &[Part]) -> Result<(), SmsSyncStop> {
    let rows = parts
        .iter()
        .enumerate()
        .map(|(position, part)| row(context, position, part));
    let transaction = context.state.db.begin().await?;
    let total = sms_sync_run::ActiveModel {
        parts_total: Set(i32::try_from(parts.len()).unwrap_or(i32::MAX)),
        parts_done: Set(0),
        ..Default::default()
    };
    let updated = sms_sync_run::Entity::update_many()
        .set(total)
        .filter(sms_sync_run::Column::Id.eq(context.lease.run_id))
        .filter(sms_sync_run::Column::LeaseOwner.eq(context.lease.owner))
        .filter(sms_sync_run::Column::State.eq("running"))
        .exec(&transaction)
        .await?;
    if updated.rows_affected != 1 {
        return Err(SmsSyncStop::NotOurs);
    }
    sms_sync_window::Entity::insert_many(rows)
        .exec_without_returning(&transaction)
        .await?;
    let notice = notice_of(context.lease.organization_id, context.lease.run_id);
    publish_realtime(&transaction, &[notice]).await?;
    transaction.commit().await?;
    Ok(())
}

fn row(context: &SmsSyncContext, position: usize, part: &Part) -> sms_sync_window::ActiveModel {
    let asked = part.window.widened();
    let query = HistoryQuery {
        side: part.side,
        number: &context.owner.number,
        from_date: asked.first_day,
        to_date: asked.last_day,
        page_size: context.state.config.twilio_page_size,
    };
    sms_sync_window::ActiveModel {
        organization_id: Set(context.lease.organization_id.0),
        run_id: Set(context.lease.run_id),
        position: Set(i32::try_from(position).unwrap_or(i32::MAX)),
        side: Set(part.side.as_str().to_owned()),
        kind: Set(part.kind.as_str().to_owned()),
        from_date: Set(part.window.first_day),
        to_date: Set(part.window.last_day),
        next_page: Set(Some(query.first_page(context.reader.account_sid()))),
        done: Set(false),
    }
}
