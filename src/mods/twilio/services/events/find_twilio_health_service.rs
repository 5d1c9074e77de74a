use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{add_event_times_service, count_failed_events_service, event_scope::EventScope};
use crate::{
    bases::{config::Config, error::AppError, ids::OrganizationId, sql},
    entities::claim,
    mods::account::{services::find_stored_health_service, types::TwilioHealth},
};

/// The last health report of the account, with the times of events as of now. Empty before the
/// first check, and after another account was connected.
pub async fn find_twilio_health_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
    now: DateTime<Utc>,
) -> Result<TwilioHealth, AppError> {
    let mut health = find_stored_health_service(conn, config, organization).await?;
    health.forwarding.events_today = None;
    // None while Twilio refuses the token: its holder must learn nothing new of the account.
    let scope = EventScope::of(conn, config, organization).await?;
    if let Some(account_sid) = scope.accounts().first() {
        let forwarding = &mut health.forwarding;
        add_event_times_service(conn, account_sid, now.date_naive(), forwarding).await?;
        if !scope.is_of_whole_account() {
            // The organization must not learn how much comes for others; the time of a test is no
            // secret.
            forwarding.events_today = None;
            for of_type in &mut forwarding.types {
                of_type.last_event_at = None;
            }
            forwarding.last_event_at = last_event_of_numbers(conn, config, organization).await?;
        }
        health.forwarding.failed_events =
            count_failed_events_service(conn, config, organization).await?;
    }
    Ok(health)
}

const LAST_EVENT: &str = "
SELECT max(p.last_event_at) AS last_event_at FROM phone_number p WHERE p.organization_id = $1 AND ";

#[derive(FromQueryResult)]
struct LastEvent {
    last_event_at: Option<DateTime<Utc>>,
}

/// When the last event of the organization's own numbers came.
async fn last_event_of_numbers(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
) -> Result<Option<DateTime<Utc>>, AppError> {
    let sql = format!("{LAST_EVENT}{}", claim::is_live("p", "$2"));
    let shared = config.shared_account_sid().map(str::to_owned);
    let values = [organization.into(), shared.into()];
    let last = sql::row::<LastEvent>(conn, sql, values).await?;
    Ok(last.and_then(|last| last.last_event_at))
}
