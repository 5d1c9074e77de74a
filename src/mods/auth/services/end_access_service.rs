use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, sea_query::Expr,
};

use super::find_current_user_service;
use crate::{
    bases::{
        error::AppError,
        ids::{OrganizationId, UserId},
        realtime::{EventKind, RealtimeNotice, publish_realtime},
        sql,
    },
    entities::{session, sign_in_device, user},
    mods::auth::utils::SessionKey,
};

const NEXT_EPOCH: &str = r#"
UPDATE "user" SET session_epoch = session_epoch + 1 WHERE id = $1 RETURNING session_epoch
"#;

#[derive(FromQueryResult)]
struct Epoch {
    session_epoch: i32,
}

/// Ends all sessions of a person, and what they have open of `organization`, on every node. A
/// sign-in that is under way makes no session any more. Returns the epoch of sessions from now on.
/// Call it in the transaction of what they are ended for.
pub async fn end_access_service(
    conn: &impl ConnectionTrait,
    user: UserId,
    organization: Option<OrganizationId>,
) -> Result<i32, AppError> {
    let epoch = sql::row::<Epoch>(conn, NEXT_EPOCH, [user.into()]).await?;
    let epoch = epoch.ok_or_else(|| AppError::not_found("user"))?;
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user))
        .exec(conn)
        .await?;
    if let Some(organization_id) = organization {
        let notice = RealtimeNotice::new(organization_id, EventKind::AccessEnded, user);
        publish_realtime(conn, &[notice]).await?;
    }
    Ok(epoch.session_epoch)
}

/// Gives a person a new password, and ends all their sessions. Returns the epoch of sessions from
/// now on. Of the browsers that they have signed in with, only `device` stays known.
///
/// 401 where their epoch is not `since` any more, if that is asked for.
pub(super) async fn replace_password(
    conn: &impl ConnectionTrait,
    user: UserId,
    password_hash: String,
    since: Option<i32>,
    device: Option<Vec<u8>>,
) -> Result<i32, AppError> {
    let mut replace = user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(password_hash))
        .filter(user::Column::Id.eq(user));
    if let Some(since) = since {
        replace = replace.filter(user::Column::SessionEpoch.eq(since));
    }
    if replace.exec(conn).await?.rows_affected == 0 {
        return Err(AppError::Unauthorized);
    }
    forget_devices(conn, user, device).await?;
    let member = find_current_user_service(conn, user).await?;
    end_access_service(conn, user, member.map(|member| member.organization_id)).await
}

/// Makes the browsers that a person has signed in with unknown, but for one: somebody else may have
/// done it with the old password.
pub(super) async fn forget_devices(
    conn: &impl ConnectionTrait,
    user: UserId,
    but: Option<Vec<u8>>,
) -> Result<(), AppError> {
    let mut forget =
        sign_in_device::Entity::delete_many().filter(sign_in_device::Column::UserId.eq(user));
    if let Some(but) = but {
        forget = forget.filter(sign_in_device::Column::TokenHash.ne(but));
    }
    forget.exec(conn).await?;
    Ok(())
}

/// Ends one session, and what it has open, on every node.
pub async fn log_out_service(
    conn: &impl ConnectionTrait,
    user: UserId,
    key: SessionKey,
) -> Result<(), AppError> {
    session::Entity::delete_by_id(key.to_vec())
        .exec(conn)
        .await?;
    let Some(member) = find_current_user_service(conn, user).await? else {
        return Ok(());
    };
    let notice = RealtimeNotice::new(
        member.organization_id,
        EventKind::AccessEnded,
        key.notice_id(),
    );
    Ok(publish_realtime(conn, &[notice]).await?)
}
