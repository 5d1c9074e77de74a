use std::{collections::HashSet, time::Duration};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, DbErr, QueryFilter, TransactionTrait, sea_query::Expr};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{
    reconcile_page_service::{ListedPage, reconcile_page_service},
    reconciliation_lease::{ComparedClaim, RECONCILIATIONS},
};
use crate::{
    bases::{
        db::Db,
        e164::E164,
        error::AppError,
        ids::{OrganizationId, PhoneNumberId},
        lease::Lease,
        realtime::{EventKind, RealtimeNotice, publish_realtime},
        state::AppState,
    },
    entities::{claim, phone_number, twilio_reconciliation::Model},
    mods::{
        account::services::resolve_twilio_credentials_service,
        twilio::{
            services::history::{
                DatabasePatience, FetchPatience, LastListed, RunStop, find_former_owner_end_service,
            },
            types::ReconciliationState,
            utils::{
                HistoryOwner, HistoryPage, HistoryQuery, HistorySide, ListedMessage,
                fetch_twilio_message_history_util, history_message_to_new_util,
            },
        },
    },
    twilio::{TwilioError, TwilioReader},
};

/// How often the lease of 15 s is renewed while Twilio is waited for.
const RENEW_EVERY: Duration = Duration::from_secs(3);
/// No number has ten million messages in some days: a list that is longer leads in a circle.
const MOST_PAGES: u32 = 10_000;

/// A comparison that this node has taken over, and nobody else works on.
#[derive(Debug)]
pub struct ClaimedReconciliation {
    lease: Lease,
    run: Model,
}

/// What the steps of a comparison share.
pub(super) struct ReconciliationContext {
    pub state: AppState,
    pub lease: Lease,
    pub owner: HistoryOwner,
    pub claim: ComparedClaim,
    /// When the number came to us: messages from before are history.
    pub number_since: DateTime<Utc>,
    since: NaiveDate,
    reader: TwilioReader,
    shutdown: CancellationToken,
}

/// A way through Twilio's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Walk {
    /// By date: what was received, or what was sent.
    Dated(HistorySide),
    /// Sent messages without a date (failed, cancelled, still waiting), which match no filter by
    /// date: the whole list, newest first, to the first page that is older.
    Undated,
}

/// Takes a comparison that nobody works on: a new one, or one whose node has died.
pub async fn claim_reconciliation_service(db: &Db) -> Result<Option<ClaimedReconciliation>, DbErr> {
    let claimed = RECONCILIATIONS.claim(db).await?;
    Ok(claimed.map(|(lease, run)| ClaimedReconciliation { lease, run }))
}

/// Compares a number's last days with Twilio's list: what is missing is taken in, what is behind
/// is moved on. Nothing is changed at Twilio. Ends as done or failed, and tells browsers; a
/// comparison that is cut off, or whose database is away for long, is begun anew.
pub async fn run_reconciliation_service(
    state: &AppState,
    claimed: ClaimedReconciliation,
    shutdown: CancellationToken,
) {
    let lease = claimed.lease;
    let worked = match prepare(state, claimed, shutdown).await {
        Ok(context) => work(&context).await,
        Err(stop) => Err(stop),
    };
    let ended = match worked {
        Ok(()) => end(state, lease, ReconciliationState::Done, None).await,
        Err(RunStop::NotOurs) => Ok(()),
        Err(RunStop::Shutdown) => lease.release(&state.db).await,
        Err(stop) => {
            tracing::warn!(id = %lease.id, organization_id = %lease.organization_id, error = %stop, "a reconciliation stopped");
            if stop.is_outage() {
                lease.release(&state.db).await
            } else {
                end(
                    state,
                    lease,
                    ReconciliationState::Failed,
                    Some(stop.words()),
                )
                .await
            }
        }
    };
    if let Err(error) = ended {
        // Its lease runs out, and it is taken up again.
        tracing::error!(id = %lease.id, %error, "the end of a reconciliation could not be written");
    }
}

async fn end(
    state: &AppState,
    lease: Lease,
    ended: ReconciliationState,
    error: Option<String>,
) -> Result<(), DbErr> {
    let transaction = state.db.begin().await?;
    let now = state.clock.now();
    if lease.end(&transaction, ended.as_str(), error, now).await? {
        let notice =
            RealtimeNotice::new(lease.organization_id, EventKind::Reconciliation, lease.id);
        publish_realtime(&transaction, &[notice]).await?;
    }
    transaction.commit().await
}

async fn prepare(
    state: &AppState,
    claimed: ClaimedReconciliation,
    shutdown: CancellationToken,
) -> Result<ReconciliationContext, RunStop> {
    let ClaimedReconciliation { lease, run } = claimed;
    let organization = OrganizationId(run.organization_id);
    let credentials =
        resolve_twilio_credentials_service(&state.db, &state.config, organization).await?;
    let present = claim::is_of_present_account("phone_number", "$1");
    let shared = state.config.shared_account_sid().map(str::to_owned);
    let number = phone_number::Entity::in_org(organization)
        .filter(phone_number::Column::Id.eq(run.phone_number_id))
        .filter(Expr::cust_with_values(present, [shared.clone()]))
        .one(&state.db)
        .await?
        .ok_or_else(|| AppError::conflict("The number is suspended."))?;
    let e164 = E164::parse(&number.number)
        .map_err(|error| AppError::bad_request(format!("the number is wrong: {error}")))?;
    Ok(ReconciliationContext {
        reader: TwilioReader::new(
            state.http.clone(),
            &state.config.twilio_api_base_url,
            credentials,
        )?,
        owner: HistoryOwner {
            organization_id: organization,
            phone_number_id: PhoneNumberId(run.phone_number_id),
            number: e164,
            since: find_former_owner_end_service(&state.db, &number).await?,
            until: number.released_at,
            run_id: None,
        },
        claim: ComparedClaim {
            shared,
            until: number.released_at,
        },
        number_since: number.created_at,
        since: run.since,
        state: state.clone(),
        lease,
        shutdown,
    })
}

async fn work(context: &ReconciliationContext) -> Result<(), RunStop> {
    for walk in [
        Walk::Dated(HistorySide::To),
        Walk::Dated(HistorySide::From),
        Walk::Undated,
    ] {
        walk_list(context, walk).await?;
    }
    Ok(())
}

async fn walk_list(context: &ReconciliationContext, walk: Walk) -> Result<(), RunStop> {
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
    Err(TwilioError::OutcomeUnknown("its pages lead in a circle".to_owned()).into())
}

/// The messages of a page that are to be compared, and whether all that follows is too old.
fn sort_out(context: &ReconciliationContext, walk: Walk, page: HistoryPage) -> (ListedPage, bool) {
    let now = context.state.clock.now();
    let mut last_at = now;
    let (mut some_older, mut some_wanted) = (false, false);
    let mut messages = Vec::with_capacity(page.messages.len());
    let mut unreadable = page.unreadable;
    for listed in page.messages {
        let sid = listed.sid.to_string();
        let imported = match history_message_to_new_util(listed, &context.owner, last_at, now) {
            ListedMessage::Ours(imported) => *imported,
            ListedMessage::NotOurs => continue,
            ListedMessage::Unreadable => {
                unreadable.push(sid);
                continue;
            }
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
