use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, QuerySelect};
use secrecy::ExposeSecret;

use crate::{
    bases::{error::AppError, ids::OrganizationId, secrets::MasterKey},
    entities::organization,
    twilio::TwilioCredentials,
};

/// Makes the account the organization's own, its token sealed. The token it had before stays good
/// for checking signatures, so that a rotation loses no event; saving the same token again changes
/// nothing. Call it in a transaction: two at once come one after the other.
pub async fn save_twilio_credentials_service(
    conn: &impl ConnectionTrait,
    key: &MasterKey,
    organization: OrganizationId,
    credentials: &TwilioCredentials,
) -> Result<(), AppError> {
    let row = organization::Entity::find_by_id(organization)
        .lock_exclusive()
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("organization"))?;
    let same_account = row.twilio_account_sid.as_deref() == Some(&credentials.account_sid);
    let present = row.twilio_auth_token.clone().filter(|_| same_account);
    let is_present_token = present.as_ref().is_some_and(|sealed| {
        let opened = key.open(organization, sealed);
        opened.is_ok_and(|token| token.expose_secret() == credentials.auth_token.expose_secret())
    });
    if is_present_token && row.byo_twilio && row.twilio_token_refused_at.is_none() {
        return Ok(());
    }
    let previous = match is_present_token {
        true => row.twilio_auth_token_previous.clone(),
        // One that Twilio refuses signs nothing.
        false => present.filter(|_| row.twilio_token_refused_at.is_none()),
    };
    let mut row: organization::ActiveModel = row.into();
    row.byo_twilio = Set(true);
    row.twilio_account_sid = Set(Some(credentials.account_sid.clone()));
    row.twilio_auth_token = Set(Some(key.seal(organization, &credentials.auth_token)));
    row.twilio_auth_token_previous = Set(previous);
    // Twilio has just accepted it.
    row.twilio_token_refused_at = Set(None);
    row.update(conn).await?;
    Ok(())
}
