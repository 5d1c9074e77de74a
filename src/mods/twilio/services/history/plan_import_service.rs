use std::collections::HashSet;

use chrono::NaiveDate;
use futures::future::try_join_all;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, TransactionTrait,
};
use tokio::sync::Semaphore;

use super::{import_context::ImportContext, import_reporter::notice_of, plan_search::Search};
use crate::{
    bases::{lease::Guard, realtime::publish_realtime},
    entities::{
        sms_sync_window,
        states::{HistorySide, PartKind},
    },
    mods::twilio::{
        services::message_list::RunStop,
        utils::{DateRange, HistoryPage, HistoryQuery},
    },
};

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

/// Decides the parts in which the history is read, unless that was decided before.
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
    let is_planned = sms_sync_window::Entity::in_org(context.run.lease.organization_id)
        .filter(sms_sync_window::Column::RunId.eq(context.run.lease.id))
        .count(&context.run.state.db)
        .await?
        > 0;
    if is_planned {
        return Ok(());
    }
    let search = Search {
        run: &context.run,
        at_once: Semaphore::new(context.run.state.config.import_pages_at_once as usize),
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
    let run = search.run;
    let since = DateRange {
        first_day: run.since,
        last_day: None,
    };
    let page_size = run.state.config.twilio_page_size;
    let first = search.fetch(side, since, page_size).await?;
    let windows = if first.next_page.is_none() || run.state.config.import_pages_at_once == 1 {
        vec![since]
    } else {
        search.split(side).await?
    };
    let part = |kind, window| Part {
        side,
        kind,
        window,
        entry: None,
    };
    let by_date = |window| part(PartKind::Dates, window);
    Ok(match (side, run.since) {
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

/// The places where the list without a filter by date is entered: behind the newest message of each
/// part but the first, which begins where the list does.
async fn entries(
    search: &Search<'_>,
    side: HistorySide,
    head: &HistoryPage,
    windows: &[DateRange],
) -> Result<Vec<Part>, RunStop> {
    let page_size = search.run.state.config.twilio_page_size;
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
    // A month without messages has the same place as the one before it.
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

async fn store(context: &ImportContext, parts: &[Part]) -> Result<(), RunStop> {
    let rows = parts
        .iter()
        .enumerate()
        .map(|(position, part)| row(context, position, part));
    let transaction = context.run.state.db.begin().await?;
    let total = [i32::try_from(parts.len()).unwrap_or(i32::MAX).into()];
    let set = "parts_total = $3, parts_done = 0";
    let lease = &context.run.lease;
    if !lease
        .update(&transaction, set, total, Guard::none())
        .await?
    {
        return Err(RunStop::NotOurs);
    }
    sms_sync_window::Entity::insert_many(rows)
        .exec_without_returning(&transaction)
        .await?;
    let notice = notice_of(context.run.lease.organization_id, context.import());
    publish_realtime(&transaction, &[notice]).await?;
    transaction.commit().await?;
    Ok(())
}

fn row(context: &ImportContext, position: usize, part: &Part) -> sms_sync_window::ActiveModel {
    let asked = part.window.widened();
    let query = HistoryQuery {
        side: part.side,
        number: &context.run.owner.number,
        from_date: asked.first_day,
        to_date: asked.last_day,
        page_size: context.run.state.config.twilio_page_size,
    };
    let link = match &part.entry {
        Some(entry) => entry.link.clone(),
        None => query.first_page(context.run.reader.account_sid()),
    };
    sms_sync_window::ActiveModel {
        organization_id: Set(context.run.lease.organization_id),
        run_id: Set(context.import()),
        position: Set(i32::try_from(position).unwrap_or(i32::MAX)),
        side: Set(part.side.into()),
        kind: Set(part.kind.into()),
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
