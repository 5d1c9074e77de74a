use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::bases::{
    ids::{ContactId, OrganizationId},
    sql::{self, column},
};

const UPDATE: &str = "
UPDATE contact c
SET last_contacted_at = newer.at
FROM (
    SELECT organization_id, id, max(at) AS at
    FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS t (organization_id, id, at)
    GROUP BY 1, 2
) AS newer
WHERE c.organization_id = newer.organization_id
  AND c.id = newer.id
  AND (c.last_contacted_at IS NULL OR c.last_contacted_at < newer.at)
";

/// Moves `last_contacted_at` of each contact forward to the given time, and never back.
pub async fn update_contacts_last_contacted_batch_service(
    conn: &impl ConnectionTrait,
    contacts: &[(OrganizationId, ContactId, DateTime<Utc>)],
) -> Result<(), DbErr> {
    if contacts.is_empty() {
        return Ok(());
    }
    let values = [
        column(contacts, |(organization, _, _)| *organization),
        column(contacts, |(_, id, _)| *id),
        column(contacts, |(_, _, at)| *at),
    ];
    sql::run(conn, UPDATE, values).await.map(drop)
}
