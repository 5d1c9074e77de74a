use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::TwilioCredentials;
use crate::{
    bases::{error::AppError, ids::OrganizationId, secrets::MasterKey},
    entities::organization,
};

/// Makes the account the organization's own, its token sealed. The token it had before stays
/// good for checking signatures, so that a rotation loses no event.
pub async fn save_twilio_credentials_service(
    conn: &impl ConnectionTrait,
    key: &MasterKey,
    organization: OrganizationId,
    credentials: &TwilioCredentials,
) -> Result<(), AppError> {
    let row = organization::Entity::find_by_id(organization.0)
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("organization"))?;
    let same_account = row.twilio_account_sid.as_deref() == Some(&credentials.account_sid);
    let previous = row.twilio_auth_token.clone().filter(|_| same_account);
    let mut row: organization::ActiveModel = row.into();
    row.byo_twilio = Set(true);
    row.twilio_account_sid = Set(Some(credentials.account_sid.clone()));
    row.twilio_auth_token = Set(Some(key.seal(organization.0, &credentials.auth_token)));
    row.twilio_auth_token_previous = Set(previous);
    row.update(conn).await?;
    Ok(())
}
