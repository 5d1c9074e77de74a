use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;
use sea_orm::FromQueryResult;

use super::look_again_service;
use crate::bases::{error::AppError, ids::OrganizationId, sql, state::AppState};

/// A check older than this is repeated; a little less than the time between two rounds.
const CHECK_EVERY: TimeDelta = TimeDelta::minutes(50);
/// Organizations checked in one round, oldest check first; the others come in the next one.
const MOST_AT_A_TIME: i64 = 2_000;
/// Checks under way at once; each makes a dozen calls to Twilio.
const AT_ONCE: usize = 4;

// Those without an account are left out: there is nothing to look at.
const DUE: &str = "
SELECT o.id FROM organization o
LEFT JOIN twilio_account_check c ON c.organization_id = o.id
WHERE ((o.byo_twilio AND o.twilio_account_sid IS NOT NULL) OR (NOT o.byo_twilio AND o.shared_twilio <> 'none' AND $3))
  AND (c.checked_at IS NULL OR c.checked_at < $1)
ORDER BY c.checked_at NULLS FIRST, o.id LIMIT $2
";

#[derive(FromQueryResult)]
struct Due {
    id: OrganizationId,
}

/// Checks the accounts whose last check is most of an hour old.
pub async fn check_due_accounts_service(
    state: &AppState,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let values = [
        (now - CHECK_EVERY).into(),
        MOST_AT_A_TIME.into(),
        state.config.shared_twilio.is_some().into(),
    ];
    let due = sql::rows::<Due>(&state.db, DUE, values).await?;
    futures::stream::iter(due)
        .for_each_concurrent(AT_ONCE, |due| look_again_service(state, due.id))
        .await;
    Ok(())
}
