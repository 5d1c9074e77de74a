use sea_orm::ConnectionTrait;

use super::notify_twilio_account_service;
use crate::{
    bases::{error::AppError, ids::OrganizationId, sql},
    mods::account::types::TwilioHealth,
};

const SAVE: &str = "
INSERT INTO twilio_account_check (organization_id, twilio_account_sid, report, checked_at)
VALUES ($1, $2, $3::jsonb, $4)
ON CONFLICT (organization_id) DO UPDATE
SET twilio_account_sid = EXCLUDED.twilio_account_sid, report = EXCLUDED.report,
    checked_at = EXCLUDED.checked_at
WHERE twilio_account_check.checked_at <= EXCLUDED.checked_at
";

/// Stores a health report and tells the browsers. An older report does not replace a newer one.
pub async fn save_twilio_health_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    account_sid: Option<&str>,
    health: &TwilioHealth,
) -> Result<(), AppError> {
    let Some(checked_at) = health.checked_at else {
        return Ok(());
    };
    let report = serde_json::to_string(health).map_err(|error| {
        tracing::error!(%error, "a health report could not be written");
        AppError::Internal
    })?;
    let values = [
        organization.into(),
        account_sid.map(str::to_owned).into(),
        report.into(),
        checked_at.into(),
    ];
    sql::run(conn, SAVE, values).await?;
    notify_twilio_account_service(conn, organization).await?;
    Ok(())
}
