use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Statement};
use uuid::Uuid;

use crate::bases::{ids::OrganizationId, sql::nullable_array};

/// A customer who opted out of texts, or back in.
#[derive(Debug, Clone)]
pub struct OptOutChange {
    pub organization_id: OrganizationId,
    pub phone: String,
    pub at: DateTime<Utc>,
    /// True for STOP and its kin, false for START.
    pub opted_out: bool,
}

// The newest change of each customer in the batch stands. Between batches the order of arrival
// counts: the time of the last change is not kept yet.
const UPDATE: &str = "
UPDATE contact c
SET opted_out_at = newest.opted_out_at
FROM (
    SELECT DISTINCT ON (organization_id, phone) organization_id, phone, opted_out_at
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text::timestamptz[])
        AS t (organization_id, phone, at, opted_out_at)
    ORDER BY organization_id, phone, at DESC
) AS newest
WHERE c.organization_id = newest.organization_id AND c.phone = newest.phone
";

/// Sets or clears `opted_out_at` of the contacts with these numbers. Twilio itself blocks texts
/// to a customer who opted out (error 21610) without telling, except by the event.
pub async fn record_opt_outs_service(
    conn: &impl ConnectionTrait,
    changes: &[OptOutChange],
) -> Result<(), DbErr> {
    if changes.is_empty() {
        return Ok(());
    }
    let organizations: Vec<Uuid> = changes.iter().map(|c| c.organization_id.0).collect();
    let phones: Vec<String> = changes.iter().map(|c| c.phone.clone()).collect();
    let times: Vec<DateTime<Utc>> = changes.iter().map(|c| c.at).collect();
    let opted_out = changes.iter().map(|c| c.opted_out.then_some(c.at));
    let update = Statement::from_sql_and_values(
        conn.get_database_backend(),
        UPDATE,
        [
            organizations.into(),
            phones.into(),
            times.into(),
            nullable_array(opted_out),
        ],
    );
    conn.execute_raw(update).await.map(drop)
}
