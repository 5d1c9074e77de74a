use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{
    bases::{
        error::AppError,
        ids::{OrganizationId, UserId},
        sql,
    },
    entities::states::Role,
    mods::auth::types::CurrentUser,
};

#[derive(FromQueryResult)]
struct Row {
    name: String,
    email: String,
    role: Role,
    organization_id: OrganizationId,
    organization_name: String,
}

const FIND: &str = r#"
SELECT u.name, u.email, m.role, o.id AS organization_id, o.name AS organization_name
FROM "user" u
JOIN membership m ON m.user_id = u.id
JOIN organization o ON o.id = m.organization_id
WHERE u.id = $1
"#;

/// The user with their organization and role; `None` if they are no member any more.
pub async fn find_current_user_service(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<Option<CurrentUser>, AppError> {
    let Some(row) = sql::row::<Row>(conn, FIND, [user.into()]).await? else {
        return Ok(None);
    };
    Ok(Some(CurrentUser {
        id: user,
        name: row.name,
        email: row.email,
        role: row.role,
        organization_id: row.organization_id,
        organization_name: row.organization_name,
    }))
}
