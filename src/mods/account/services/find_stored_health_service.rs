use sea_orm::{ConnectionTrait, EntityTrait};

use crate::{
    bases::{config::Config, error::AppError, ids::OrganizationId},
    entities::{organization, states::SharedTwilio, twilio_account_check},
    mods::account::types::TwilioHealth,
};

/// What the last look at the account found. Before the first look, and after another account was
/// connected, nothing is known.
pub async fn find_stored_health_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
) -> Result<TwilioHealth, AppError> {
    let account_sid = present_account(conn, config, organization).await?;
    let row = twilio_account_check::Entity::in_org(organization)
        .one(conn)
        .await?
        .filter(|row| row.twilio_account_sid == account_sid);
    let unknown = || TwilioHealth::unknown(config.events_url());
    Ok(match row {
        // An unreadable report of an older version counts as none.
        Some(row) => serde_json::from_value(row.report).unwrap_or_else(|_| unknown()),
        None => unknown(),
    })
}

/// The account that the organization would use, whether or not its token is there.
async fn present_account(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
) -> Result<Option<String>, AppError> {
    let row = organization::Entity::find_by_id(organization)
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
