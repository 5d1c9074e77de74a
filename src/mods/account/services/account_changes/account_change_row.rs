use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Values, account_action::compare};
use crate::{
    bases::{
        error::AppError,
        ids::{AccountChangeId, OrganizationId, UserId},
    },
    entities::{states::AccountChangeState, twilio_account_change, user},
    mods::account::types::AccountChange,
    twilio::MaskedSid,
};

/// A row as the API shows it.
pub fn change_of_row(
    row: twilio_account_change::Model,
    users: &HashMap<UserId, String>,
) -> Result<AccountChange, AppError> {
    let (kind, state) = (row.kind.known()?, row.state.known()?);
    let (before, after) = (values(row.value_before)?, values(row.value_after)?);
    Ok(AccountChange {
        id: row.id,
        kind,
        state,
        account_sid: MaskedSid::of(&row.twilio_account_sid),
        user_name: row
            .requested_by_user_id
            .and_then(|id| users.get(&id).cloned()),
        summary: row.summary,
        resource: row.resource,
        phone_number_id: row.phone_number_id,
        values: compare(before.as_ref(), after.as_ref()),
        error: row.error,
        created_at: row.created_at,
        undone_at: row.undone_at,
        undo_of: row.undo_of,
        can_undo: kind.can_be_undone()
            && state == AccountChangeState::Done
            && row.undone_at.is_none()
            && row.undo_of.is_none(),
    })
}

/// One row of the organization; 404 where it has no such change.
pub async fn find_change_row(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    id: AccountChangeId,
) -> Result<twilio_account_change::Model, AppError> {
    twilio_account_change::Entity::in_org(organization)
        .filter(twilio_account_change::Column::Id.eq(id))
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("account change"))
}

/// Rows of the organization, oldest first.
pub(super) async fn find_changes(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: &[AccountChangeId],
) -> Result<Vec<AccountChange>, AppError> {
    let rows = twilio_account_change::Entity::in_org(organization)
        .filter(twilio_account_change::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(twilio_account_change::Column::Id)
        .all(conn)
        .await?;
    with_users(conn, rows).await
}

/// Rows with the names of those who asked for them.
pub async fn with_users(
    conn: &impl ConnectionTrait,
    rows: Vec<twilio_account_change::Model>,
) -> Result<Vec<AccountChange>, AppError> {
    let ids: Vec<UserId> = rows
        .iter()
        .filter_map(|row| row.requested_by_user_id)
        .collect();
    let users = user::Entity::find()
        .filter(user::Column::Id.is_in(ids))
        .all(conn)
        .await?;
    let users = users.into_iter().map(|user| (user.id, user.name)).collect();
    rows.into_iter()
        .map(|row| change_of_row(row, &users))
        .collect()
}

fn values(json: Option<serde_json::Value>) -> Result<Option<Values>, AppError> {
    json.map(serde_json::from_value)
        .transpose()
        .map_err(unreadable)
}

fn unreadable(error: impl std::fmt::Display) -> AppError {
    tracing::error!(%error, "a row of the account activity cannot be read");
    AppError::Internal
}
