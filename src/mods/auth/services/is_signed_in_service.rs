use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use crate::{
    bases::sql,
    mods::auth::{types::CurrentUser, utils::SessionKey},
};

// As the store of sessions has it, and of a member of this organization.
const LOOK: &str = r#"
SELECT true AS is_signed_in
FROM session s
JOIN "user" u ON u.id = s.user_id
JOIN membership m ON m.user_id = u.id AND m.organization_id = $3
WHERE s.token_hash = $1 AND s.user_id = $2 AND s.expires_at > now()
  AND COALESCE((s.data ->> 'epoch')::integer, 0) = u.session_epoch
"#;

#[derive(FromQueryResult)]
struct Row {
    is_signed_in: bool,
}

/// Whether the session still is one of this user, who still is a member of the organization: for
/// what stays open after its request.
pub async fn is_signed_in_service(
    conn: &impl ConnectionTrait,
    session: SessionKey,
    user: &CurrentUser,
) -> Result<bool, DbErr> {
    let values = [
        session.to_vec().into(),
        user.id.into(),
        user.organization_id.into(),
    ];
    let row = sql::row::<Row>(conn, LOOK, values).await?;
    Ok(row.is_some_and(|row| row.is_signed_in))
}
