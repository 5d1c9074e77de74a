use sea_orm::{ConnectionTrait, EntityTrait};

use crate::{
    bases::{config::Config, error::AppError, ids::OrganizationId},
    entities::{organization, states::SharedTwilio},
    twilio::TwilioCredentials,
};

/// The credentials of an organization: its own account if it brings one, else the shared one,
/// if the operator has given it a part of that.
///
/// There is no fallback: an organization that brings its own account and has no credentials gets
/// an error, never the shared account.
pub async fn resolve_twilio_credentials_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
) -> Result<TwilioCredentials, AppError> {
    let row = organization::Entity::find_by_id(organization)
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("organization"))?;
    if !row.byo_twilio {
        let shared = config.shared_twilio.as_ref();
        let shared = shared.filter(|_| row.shared_twilio != SharedTwilio::None);
        let shared = shared.ok_or_else(|| {
            AppError::conflict("No Twilio account is connected. An admin has to connect one first.")
        })?;
        return Ok(TwilioCredentials {
            account_sid: shared.account_sid.clone(),
            auth_token: shared.auth_token.clone(),
        });
    }
    let (Some(account_sid), Some(sealed)) = (row.twilio_account_sid, row.twilio_auth_token) else {
        return Err(AppError::conflict(
            "This organization uses its own Twilio account, but its credentials are missing. An \
             admin has to connect it again.",
        ));
    };
    let auth_token = config.master_key.open(row.id, &sealed).map_err(|error| {
        tracing::error!(%error, organization_id = %organization, "the Twilio token could not be opened");
        AppError::conflict(
            "The stored Twilio token cannot be opened: the server has another master key than the \
             one that it was stored with. An admin has to connect the account again.",
        )
    })?;
    Ok(TwilioCredentials {
        account_sid,
        auth_token,
    })
}
