use sea_orm::{ConnectionTrait, EntityTrait};

use super::find_stored_health_service;
use crate::{
    bases::{config::Config, error::AppError, ids::OrganizationId},
    entities::{organization, states::SharedTwilio},
    mods::account::types::{ConnectionMode, HealthSeverity, TwilioConnection},
    twilio::MaskedSid,
};

/// The connection with Twilio as it may be shown: no token, and of the SID its end.
pub async fn find_twilio_connection_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
) -> Result<TwilioConnection, AppError> {
    let row = organization::Entity::find_by_id(organization)
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("organization"))?;
    let shared = config.shared_twilio.as_ref();
    let shared = shared.filter(|_| row.shared_twilio != SharedTwilio::None);
    let (mode, account_sid, accepts_previous_token) = if row.byo_twilio {
        match row
            .twilio_account_sid
            .filter(|_| row.twilio_auth_token.is_some())
        {
            Some(sid) => (
                ConnectionMode::Own,
                Some(sid),
                row.twilio_auth_token_previous.is_some(),
            ),
            None => (ConnectionMode::OwnWithoutCredentials, None, false),
        }
    } else {
        match shared {
            Some(shared) => (
                ConnectionMode::Shared,
                Some(shared.account_sid.clone()),
                shared.previous_auth_token.is_some(),
            ),
            None => (ConnectionMode::NotConnected, None, false),
        }
    };
    let health = find_stored_health_service(conn, config, organization).await?;
    let problem = health
        .findings
        .iter()
        .find(|finding| {
            finding.reason.is_of_account() && finding.severity == HealthSeverity::Problem
        })
        .map(|finding| finding.message.clone());
    Ok(TwilioConnection {
        mode,
        shared_available: shared.is_some(),
        account_sid: account_sid.as_deref().map(MaskedSid::of),
        account: health.account,
        accepts_previous_token,
        last_checked_at: health.checked_at,
        check_took_ms: health.checked_at.map(|_| health.took_ms),
        problem,
        public_url: config.public_url.clone(),
    })
}
