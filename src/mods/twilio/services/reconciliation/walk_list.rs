//! Walks Twilio's list, page by page.

use std::{collections::HashSet, time::Duration};

use tokio::time::sleep;

use super::reconcile_page_service::{ListedPage, reconcile_page_service};
use crate::{
    mods::twilio::{
        services::{
            history::{DatabasePatience, FetchPatience, LastListed, RunStop, understand_listed},
            reconciliation::reconciliation_context::ReconciliationContext,
        },
        utils::{HistoryPage, HistoryQuery, HistorySide, fetch_twilio_message_history_util},
    },
    twilio::TwilioError,
};

/// How often the lease of 15 s is renewed while Twilio is waited for.
const RENEW_EVERY: Duration = Duration::from_secs(3);
/// No number has ten million messages in some days: a longer list is a loop.
const MOST_PAGES: u32 = 10_000;

/// A way through Twilio's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walk {
    /// By date: what was received, or what was sent.
    Dated(HistorySide),
    /// Sent messages without a date (failed, cancelled, still waiting), which match no filter by
    /// date: the whole list, newest first, to the first page that is older.
    Undated,
}

/// Reconciles every page of a list.
pub(super) async fn walk_list(context: &ReconciliationContext, walk: Walk) -> Result<(), RunStop> {
    let (side, from_date) = match walk {
        Walk::Dated(side) => (side, Some(context.since)),
        Walk::Undated => (HistorySide::From, None),
    };
    let query = HistoryQuery {
        side,
        number: &context.owner.number,
        from_date,
        to_date: None,
        page_size: context.state.config.twilio_page_size,
    };
    let mut link = query.first_page(context.reader.account_sid());
    // Items can shift from one page to the next while new messages arrive (twilio-ruby#251).
    let mut page_before = HashSet::new();
    let mut last: Option<LastListed> = None;
    for _ in 0..MOST_PAGES {
        let page = fetch(context, &link).await?;
        let next = page.next_page.clone();
        let (mut page, is_past) = sort_out(context, walk, page);
        let sids: HashSet<String> = page
            .messages
            .iter()
            .map(|one| one.message.sid.to_string())
            .collect();
        page.counted = sids.difference(&page_before).count();
        store(context, &mut page, last.as_ref()).await?;
        page_before = sids;
        last = page
            .messages
            .last()
            .map(|one| LastListed::of(&one.message))
            .or(last);
        match next {
            Some(next) if !is_past && next != link => link = next,
            Some(next) if next == link && !is_past => break,
            _ => return Ok(()),
        }
    }
    Err(TwilioError::OutcomeUnknown("its pages form a loop".to_owned()).into())
}

/// The messages of a page to reconcile, and whether all that follows is too old.
fn sort_out(context: &ReconciliationContext, walk: Walk, page: HistoryPage) -> (ListedPage, bool) {
    let now = context.state.clock.now();
    let mut last_at = now;
    let (mut some_older, mut some_wanted) = (false, false);
    let mut messages = Vec::with_capacity(page.messages.len());
    let mut unreadable = page.unreadable;
    for listed in page.messages {
        let owner = &context.owner;
        let Some(imported) = understand_listed(listed, owner, last_at, now, &mut unreadable) else {
            continue;
        };
        last_at = imported.message.at;
        if last_at.date_naive() < context.since {
            some_older = true;
            continue;
        }
        some_wanted = true;
        if walk == Walk::Undated && imported.is_dated {
            continue;
        }
        messages.push(imported);
    }
    let is_past = walk == Walk::Undated && some_older && !some_wanted;
    let page = ListedPage {
        messages,
        counted: 0,
        unreadable,
    };
    (page, is_past)
}

/// Reads a page; the lease is kept meanwhile.
async fn fetch(context: &ReconciliationContext, link: &str) -> Result<HistoryPage, RunStop> {
    let mut patience = FetchPatience::default();
    loop {
        let fetched = keeping_lease(
            context,
            fetch_twilio_message_history_util(&context.reader, link),
        )
        .await?;
        let error = match fetched {
            Ok(page) => return Ok(page),
            Err(error) => error,
        };
        let Some(pause) = patience.after(&error) else {
            return Err(error.into());
        };
        keeping_lease(context, sleep(pause)).await?;
    }
}

async fn keeping_lease<T>(
    context: &ReconciliationContext,
    work: impl Future<Output = T>,
) -> Result<T, RunStop> {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            () = context.shutdown.cancelled() => return Err(RunStop::Shutdown),
            done = &mut work => return Ok(done),
            () = sleep(RENEW_EVERY) => match context.lease.renew(&context.state.db, context.claim.guard()).await {
                Ok(true) => {}
                Ok(false) => return Err(RunStop::NotOurs),
                // Postgres restarts: whether the lease is still ours shows when the page is stored.
                Err(error) => tracing::warn!(%error, id = %context.lease.id, "a lease could not be renewed"),
            },
        }
    }
}

async fn store(
    context: &ReconciliationContext,
    page: &mut ListedPage,
    before: Option<&LastListed>,
) -> Result<(), RunStop> {
    let patience = DatabasePatience::new(&context.shutdown);
    loop {
        match reconcile_page_service(context, page, before).await {
            Ok(()) => return Ok(()),
            Err(stop) => patience.after(stop, "reconciling a page failed").await?,
        }
    }
}
