use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    bases::{
        error::AppError,
        ids::{OrganizationId, UserId},
    },
    entities::{membership, states::Role, user},
};

/// The user with an e-mail; 404 where nobody has it.
pub(super) async fn find_user(
    conn: &impl ConnectionTrait,
    email: &str,
) -> Result<UserId, AppError> {
    let email = email.trim().to_lowercase();
    let found = user::Entity::find()
        .filter(user::Column::Email.eq(email))
        .one(conn)
        .await?;
    found
        .map(|user| user.id)
        .ok_or_else(|| AppError::not_found("user"))
}

/// The user's membership; 404 where they have none.
pub(super) async fn find_membership(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<membership::Model, AppError> {
    membership::Entity::find()
        .filter(membership::Column::UserId.eq(user))
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("member"))
}

/// 409 if the organization would be left without an owner. It holds all owners until the end of the
/// transaction, so that two of them cannot go at the same moment.
pub(super) async fn refuse_last_owner(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    user: UserId,
) -> Result<(), AppError> {
    let owners = membership::Entity::in_org(organization)
        .filter(membership::Column::Role.eq(Role::Owner))
        .order_by_asc(membership::Column::UserId)
        .lock_exclusive()
        .all(conn)
        .await?;
    match owners.as_slice() {
        [only] if only.user_id == user => Err(AppError::conflict(
            "This is the only owner of the organization. Make somebody else owner first.",
        )),
        _ => Ok(()),
    }
}
