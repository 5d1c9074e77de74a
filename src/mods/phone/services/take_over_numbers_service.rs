use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{
    bases::{config::Config, error::AppError, ids::OrganizationId, sql},
    entities::claim,
    mods::account::services::{end_lost_claims_service, notify_twilio_account_service},
};

#[derive(FromQueryResult)]
struct Loser {
    organization_id: OrganizationId,
}

/// Ends the claims of other organizations on numbers that the organization takes in with
/// credentials which Twilio has just accepted: those that have lost the account. A live claim
/// stays. Call it in the transaction that makes the organization's own rows.
pub async fn take_over_numbers_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
    account_sid: &str,
    numbers: Vec<String>,
) -> Result<(), AppError> {
    let sql = format!(
        "UPDATE phone_number p SET released_at = now()
         WHERE p.twilio_account_sid = $1 AND p.number = ANY ($3) AND p.organization_id <> $4
           AND p.released_at IS NULL AND NOT {is_live}
         RETURNING p.organization_id",
        is_live = claim::is_live("p", "$2"),
    );
    let shared = config.shared_account_sid().map(str::to_owned);
    let values = [
        account_sid.into(),
        shared.into(),
        numbers.into(),
        organization.into(),
    ];
    let mut losers = sql::rows::<Loser>(conn, sql, values).await?;
    losers.sort_unstable_by_key(|loser| loser.organization_id);
    losers.dedup_by_key(|loser| loser.organization_id);
    for loser in losers {
        let loser = loser.organization_id;
        end_lost_claims_service(conn, config, loser).await?;
        notify_twilio_account_service(conn, loser).await?;
        tracing::info!(from = %loser, to = %organization, "numbers of a lost account were taken over");
    }
    Ok(())
}
