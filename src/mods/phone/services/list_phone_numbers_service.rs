use std::collections::HashSet;

use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect};

use super::find_phone_number_service::{to_phone_number, why_suspended};
use crate::{
    bases::{
        config::Config,
        error::AppError,
        ids::{OrganizationId, PhoneNumberId},
    },
    entities::{organization::find_organization, phone_number},
    mods::phone::types::PhoneNumber,
};

/// More numbers than an organization of this kind has; a list without an end is none.
const LIMIT: u64 = 1_000;

/// The organization's numbers that it still has, by name, also those that are suspended.
pub async fn list_phone_numbers_service(
    conn: &impl ConnectionTrait,
    config: &Config,
    organization: OrganizationId,
) -> Result<Vec<PhoneNumber>, AppError> {
    let rows = phone_number::Entity::in_org(organization)
        .filter(phone_number::Column::ReleasedAt.is_null())
        .order_by_asc(phone_number::Column::FriendlyName)
        .order_by_asc(phone_number::Column::Number)
        .limit(LIMIT)
        .all(conn)
        .await?;
    let shared = config.shared_account_sid();
    let live: Vec<PhoneNumberId> = phone_number::Entity::live_in_org(organization, shared)
        .select_only()
        .column(phone_number::Column::Id)
        .limit(LIMIT)
        .into_tuple()
        .all(conn)
        .await?;
    let live: HashSet<PhoneNumberId> = live.into_iter().collect();
    let owner = find_organization(conn, organization).await?;
    rows.into_iter()
        .map(|row| {
            let is_live = live.contains(&row.id);
            let suspended = (!is_live).then(|| why_suspended(&owner, &row, shared));
            to_phone_number(row, suspended)
        })
        .collect()
}
