use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, PaginatorTrait};

use crate::{
    bases::{error::AppError, ids::OrganizationId},
    entities::{organization, states::SharedTwilio},
};

/// Creates an organization. By default, the first one of an installation gets the whole shared
/// Twilio account, a later one only assigned numbers.
pub async fn create_organization_service(
    conn: &impl ConnectionTrait,
    name: &str,
    shared: Option<SharedTwilio>,
    now: DateTime<Utc>,
) -> Result<OrganizationId, AppError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(AppError::bad_request("an organization needs a name"));
    }
    let shared = match shared {
        Some(shared) => shared,
        None if organization::Entity::find().count(conn).await? == 0 => SharedTwilio::Whole,
        None => SharedTwilio::Assigned,
    };
    let id = OrganizationId::new();
    let row = organization::ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        byo_twilio: Set(false),
        shared_twilio: Set(shared),
        created_at: Set(now),
        ..Default::default()
    };
    row.insert(conn).await?;
    Ok(id)
}
