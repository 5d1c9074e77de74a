use sea_orm::{ColumnTrait, DbErr, QueryFilter, TransactionTrait, sea_query::Expr};
use tokio_util::sync::CancellationToken;

use super::{
    reconciliation_context::ReconciliationContext,
    reconciliation_lease::{ComparedClaim, RECONCILIATIONS},
    walk_list::{Walk, walk_list},
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
            services::history::{RunStop, find_former_owner_end_service},
            types::ReconciliationState,
            utils::{HistoryOwner, HistorySide},
        },
    },
    twilio::TwilioReader,
};

/// A reconciliation that this node has claimed.
#[derive(Debug)]
pub struct ClaimedReconciliation {
    lease: Lease,
    run: Model,
}

/// Claims a reconciliation that nobody works on: a new one, or one whose node has died.
pub async fn claim_reconciliation_service(db: &Db) -> Result<Option<ClaimedReconciliation>, DbErr> {
    let claimed = RECONCILIATIONS.claim(db).await?;
    Ok(claimed.map(|(lease, run)| ClaimedReconciliation { lease, run }))
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
        // Its lease runs out, and another node takes it over.
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
