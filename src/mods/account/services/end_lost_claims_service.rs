use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::{
    bases::{
        config::Config,
        ids::OrganizationId,
        realtime::{EventKind, RealtimeNotice, publish_realtime},
        sql,
    },
    entities::claim,
};

/// The reason shown for work that was stopped because the number was lost.
const WHY: &str = "The number is suspended or was removed.";

#[derive(FromQueryResult)]
struct Stopped {
    id: Uuid,
    is_import: bool,
}

/// Stops the imports and reconciliations of numbers that the organization has lost. Call it in the
/// transaction that takes its account, its part of the shared one, or a number away: work under way
/// has the old credentials and must store nothing after that.
pub async fn end_lost_claims_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
) -> Result<(), DbErr> {
    let sql = format!(
        "WITH imports AS (
             UPDATE sms_sync_run r SET state = 'failed', error = $3, finished_at = now(),
                 lease_owner = NULL, lease_until = NULL
             FROM phone_number p
             WHERE r.organization_id = $1 AND r.state = 'running' AND p.id = r.phone_number_id
               AND NOT {is_live}
             RETURNING r.id
         ), comparisons AS (
             UPDATE twilio_reconciliation r SET state = 'failed', error = $3, finished_at = now(),
                 lease_owner = NULL, lease_until = NULL
             FROM phone_number p
             WHERE r.organization_id = $1 AND r.state = 'running' AND p.id = r.phone_number_id
               AND NOT {is_of_account}
             RETURNING r.id
         )
         SELECT id, true AS is_import FROM imports
         UNION ALL SELECT id, false FROM comparisons",
        is_live = claim::is_live("p", "$2"),
        is_of_account = claim::is_of_present_account("p", "$2"),
    );
    let shared = config.shared_account_sid().map(str::to_owned);
    let values = [organization.into(), shared.into(), WHY.into()];
    let stopped = sql::rows::<Stopped>(conn, sql, values).await?;
    let notices: Vec<RealtimeNotice> = stopped
        .iter()
        .map(|row| {
            let kind = match row.is_import {
                true => EventKind::ImportProgress,
                false => EventKind::Reconciliation,
            };
            RealtimeNotice::new(organization, kind, row.id)
        })
        .collect();
    publish_realtime(conn, &notices).await
}
