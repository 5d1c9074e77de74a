use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    bases::{error::AppError, ids::OrganizationId, keyset::Keyset},
    entities::twilio_account_change::{Column, Entity},
    mods::account::{services::account_changes::with_users, types::AccountChangePage},
};

/// Lines of one page.
const PAGE_SIZE: usize = 30;

/// The account activity of the organization, newest first, or what is below the place `before`.
pub async fn list_account_changes_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    before: Option<&str>,
) -> Result<AccountChangePage, AppError> {
    let before: Option<Keyset> = before.map(str::parse).transpose()?;
    let below = before.map(|place| {
        Condition::any().add(Column::CreatedAt.lt(place.at)).add(
            Condition::all()
                .add(Column::CreatedAt.eq(place.at))
                .add(Column::Id.lt(place.id)),
        )
    });
    let mut find = Entity::in_org(organization);
    if let Some(below) = below {
        find = find.filter(below);
    }
    let mut rows = find
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(PAGE_SIZE as u64 + 1)
        .all(conn)
        .await?;
    let more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let next_before = rows.last().filter(|_| more).map(|last| {
        Keyset {
            at: last.created_at,
            id: last.id.into(),
        }
        .to_string()
    });
    Ok(AccountChangePage {
        changes: with_users(conn, rows).await?,
        next_before,
    })
}
