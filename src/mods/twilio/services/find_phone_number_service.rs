use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};

use super::{find_last_sms_syncs_service, list_phone_numbers_service::to_phone_number};
use crate::{
    bases::{
        error::AppError,
        ids::{OrganizationId, PhoneNumberId},
    },
    entities::phone_number,
    mods::twilio::types::PhoneNumber,
};

/// A number that the organization still has; 404 otherwise.
pub async fn find_phone_number_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    id: PhoneNumberId,
) -> Result<PhoneNumber, AppError> {
    let row = find_phone_number_row(conn, organization, id).await?;
    let mut last_syncs = find_last_sms_syncs_service(conn, organization).await?;
    let last_sync = last_syncs.remove(&id);
    to_phone_number(row, last_sync)
}

/// The row of the same.
pub(super) async fn find_phone_number_row(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    id: PhoneNumberId,
) -> Result<phone_number::Model, AppError> {
    phone_number::Entity::in_org(organization)
        .filter(phone_number::Column::Id.eq(id.0))
        .filter(phone_number::Column::ReleasedAt.is_null())
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("phone number"))
}
