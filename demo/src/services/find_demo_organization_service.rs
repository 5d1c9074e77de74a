use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use crate::types::DemoUser;
use loquent::bases::{ids::OrganizationId, sql};

/// The name of the demo organization.
pub const DEMO_ORGANIZATION: &str = "Alder Home Services";

#[derive(FromQueryResult)]
struct Found {
    id: OrganizationId,
}

// By name and by who works there: a real organization may have the name, but nobody can have an
// address under `.example`.
const SELECT: &str = r#"
SELECT o.id FROM organization o
WHERE o.name = $1 AND EXISTS (
    SELECT 1 FROM membership m JOIN "user" u ON u.id = m.user_id
    WHERE m.organization_id = o.id AND u.email = ANY ($2))
ORDER BY o.created_at LIMIT 1
"#;

/// The demo organization, if there is one.
pub async fn find_demo_organization_service(
    conn: &impl ConnectionTrait,
) -> Result<Option<OrganizationId>, DbErr> {
    let emails = DemoUser::ALL
        .map(|user| user.login().email.to_owned())
        .to_vec();
    let found = sql::row::<Found>(conn, SELECT, [DEMO_ORGANIZATION.into(), emails.into()]).await?;
    Ok(found.map(|row| row.id))
}
