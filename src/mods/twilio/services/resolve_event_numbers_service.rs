use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};
use uuid::Uuid;

use crate::bases::ids::{OrganizationId, PhoneNumberId};

/// A number of an organization, as far as an event is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnNumber {
    pub organization_id: OrganizationId,
    pub phone_number_id: PhoneNumberId,
    /// Until then another organization had it.
    pub since: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Row {
    twilio_account_sid: String,
    number: String,
    organization_id: Uuid,
    id: Uuid,
    since: Option<DateTime<Utc>>,
}

// A number belongs to one organization at a time; should two have it, the first one keeps it.
const SELECT: &str = "
SELECT DISTINCT ON (p.twilio_account_sid, p.number)
       p.twilio_account_sid, p.number, p.organization_id, p.id,
       (SELECT max(o.released_at) FROM phone_number o
        WHERE o.twilio_account_sid = p.twilio_account_sid AND o.number = p.number
          AND o.organization_id <> p.organization_id) AS since
FROM phone_number p
WHERE p.number = ANY ($1) AND p.released_at IS NULL
ORDER BY p.twilio_account_sid, p.number, p.created_at
";

/// Which of these addresses are numbers of an organization, by account and number. The account
/// is part of the key: an account's events can touch only numbers of that account.
pub async fn resolve_event_numbers_service(
    conn: &impl ConnectionTrait,
    addresses: Vec<String>,
) -> Result<HashMap<(String, String), OwnNumber>, DbErr> {
    let select =
        Statement::from_sql_and_values(conn.get_database_backend(), SELECT, [addresses.into()]);
    let rows = Row::find_by_statement(select).all(conn).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let own = OwnNumber {
                organization_id: OrganizationId(row.organization_id),
                phone_number_id: PhoneNumberId(row.id),
                since: row.since,
            };
            ((row.twilio_account_sid, row.number), own)
        })
        .collect())
}
