use chrono::NaiveDate;
use sea_orm::{ColumnTrait, DbErr, QueryFilter, sea_query::Expr};
use tokio_util::sync::CancellationToken;

use super::{
    reconciliation_context::ReconciliationContext,
    reconciliation_lease::{RECONCILIATIONS, while_claimed},
};
use crate::{
    bases::{
        db::Db, e164::E164, error::AppError, lease::Claimed, realtime::EventKind, state::AppState,
    },
    entities::{
        claim, phone_number,
        states::{HistorySide, PartKind, ReconciliationState},
        twilio_reconciliation::Model,
    },
    mods::twilio::{
        services::message_list::{
            ListPart, ListRun, PageWalker, RunStop, end_run, find_former_owner_end_service,
            open_reader, stop_run,
        },
        utils::{DateRange, HistoryOwner, HistoryQuery},
    },
};

/// No number has ten million messages in some days.
const MOST_PAGES: u32 = 10_000;

/// A reconciliation that this node has claimed.
pub type ClaimedReconciliation = Claimed<Model>;

/// Claims a reconciliation that nobody works on: a new one, or one whose node has died.
pub async fn claim_reconciliation_service(db: &Db) -> Result<Option<ClaimedReconciliation>, DbErr> {
    RECONCILIATIONS.claim(db).await
}

/// Reconciles a number's last days with Twilio's list: adds what is missing, advances what is
/// outdated. Only reads at Twilio. Ends as done or failed, and tells browsers; one that is cut off,
/// or whose database is away for long, starts over.
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
    if let Err(stop) = worked {
        stop_run(state, lease, EventKind::Reconciliation, stop).await;
    }
}

async fn prepare(
    state: &AppState,
    claimed: ClaimedReconciliation,
    shutdown: CancellationToken,
) -> Result<ReconciliationContext, RunStop> {
    let Claimed { lease, row: run } = claimed;
    let organization = run.organization_id;
    let reader = open_reader(state, organization).await?;
    let present = claim::is_of_present_account("phone_number", "$1");
    let shared = state.config.shared_account_sid().map(str::to_owned);
    let number = phone_number::Entity::in_org(organization)
        .filter(phone_number::Column::Id.eq(run.phone_number_id))
        .filter(Expr::cust_with_values(present, [shared]))
        .one(&state.db)
        .await?
        .ok_or_else(|| AppError::conflict("The number is suspended."))?;
    let e164 = E164::parse(&number.number)
        .map_err(|error| AppError::bad_request(format!("the number is wrong: {error}")))?;
    let list_run = ListRun {
        owner: HistoryOwner {
            organization_id: organization,
            phone_number_id: run.phone_number_id,
            number: e164,
            since: find_former_owner_end_service(&state.db, &number).await?,
            until: number.released_at,
            run_id: None,
        },
        since: Some(run.since),
        reader,
        guard: while_claimed(&state.config, number.released_at),
        pages_at_once: 1,
        most_pages: MOST_PAGES,
        state: state.clone(),
        lease,
        shutdown,
    };
    Ok(ReconciliationContext {
        run: list_run,
        number_since: number.created_at,
    })
}

/// Walks one list after the other. What was sent is listed twice: by date, and what has no date
/// (failed, cancelled, still waiting), which matches no filter by date.
async fn work(context: &ReconciliationContext) -> Result<(), RunStop> {
    let run = &context.run;
    for (side, kind) in [
        (HistorySide::To, PartKind::Dates),
        (HistorySide::From, PartKind::Dates),
        (HistorySide::From, PartKind::Undated),
    ] {
        let part = list_of(run, side, kind);
        PageWalker::new(context, vec![part]).walk().await?;
    }
    let done = ReconciliationState::Done.as_str();
    end_run(&run.state, run.lease, EventKind::Reconciliation, done, None).await?;
    Ok(())
}

fn list_of(run: &ListRun, side: HistorySide, kind: PartKind) -> ListPart {
    let from_date: Option<NaiveDate> = run.since.filter(|_| kind == PartKind::Dates);
    let query = HistoryQuery {
        side,
        number: &run.owner.number,
        from_date,
        to_date: None,
        page_size: run.state.config.twilio_page_size,
    };
    let window = DateRange {
        first_day: from_date,
        last_day: None,
    };
    let first_page = Some(query.first_page(run.reader.account_sid()));
    ListPart::new(0, side, kind, window, first_page, run.state.clock.now())
}
