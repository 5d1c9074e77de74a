use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait};

use crate::{
    bases::{error::AppError, ids::OrganizationId},
    entities::organization,
};

/// Makes an organization that uses the shared Twilio account.
pub async fn create_organization_service(
    conn: &impl ConnectionTrait,
    name: &str,
    now: DateTime<Utc>,
) -> Result<OrganizationId, AppError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(AppError::bad_request("an organization needs a name"));
    }
    let id = OrganizationId::new();
    let row = organization::ActiveModel {
        id: Set(id.0),
        name: Set(name.to_owned()),
        byo_twilio: Set(false),
        twilio_account_sid: Set(None),
        twilio_auth_token: Set(None),
        twilio_auth_token_previous: Set(None),
        voice_sentence: Set(None),
        voice_forward_to: Set(None),
        created_at: Set(now),
    };
    row.insert(conn).await?;
    Ok(id)
}
