use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Statement};

use super::{add_event_times_service, count_failed_events_service, event_scope::EventScope};
use crate::{
    bases::{config::Config, error::AppError, ids::OrganizationId},
    entities::{
        claim,
        organization::{self, SharedTwilio},
        twilio_account_check,
    },
    mods::twilio::types::TwilioHealth,
};

/// What was found at the last look at the account, with the times of events as of now. Before the
/// first look, and after another account was connected, nothing is known.
pub async fn find_twilio_health_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
    now: DateTime<Utc>,
) -> Result<TwilioHealth, AppError> {
    let account_sid = present_account(conn, config, organization).await?;
    let row = twilio_account_check::Entity::in_org(organization)
        .one(conn)
        .await?
        .filter(|row| row.twilio_account_sid == account_sid);
    let unknown = || TwilioHealth::unknown(config.events_url());
    let mut health = match row {
        // A report of an older version that cannot be read is as good as none.
        Some(row) => serde_json::from_value(row.report).unwrap_or_else(|_| unknown()),
        None => unknown(),
    };
    health.forwarding.events_today = None;
    // None while Twilio refuses the token: its holder learns nothing new of the account.
    let scope = EventScope::of(conn, config, organization).await?;
    if let Some(account_sid) = scope.accounts().first() {
        let forwarding = &mut health.forwarding;
        add_event_times_service(conn, account_sid, now.date_naive(), forwarding).await?;
        if !scope.is_of_whole_account() {
            // How much comes for others is not its to know; when a test came is nobody's secret.
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
    let values = [organization.0.into(), shared.into()];
    let find = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    let last = LastEvent::find_by_statement(find).one(conn).await?;
    Ok(last.and_then(|last| last.last_event_at))
}

/// The account that the organization would use, whether or not its token is there.
async fn present_account(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
) -> Result<Option<String>, AppError> {
    let row = organization::Entity::find_by_id(organization.0)
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("organization"))?;
    Ok(if row.byo_twilio {
        row.twilio_account_sid
    } else {
        let shared = config.shared_account_sid();
        let shared = shared.filter(|_| row.shared_twilio != SharedTwilio::None);
        shared.map(str::to_owned)
    })
}
