use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

use crate::entities::phone_number;

#[derive(FromQueryResult)]
struct Row {
    ended: Option<DateTime<Utc>>,
}

const SELECT: &str = "
SELECT max(released_at) AS ended FROM phone_number
WHERE twilio_account_sid = $1 AND number = $2 AND organization_id <> $3
";

/// When another organization of the same account gave the number up, if one had it before. What
/// Twilio has of that time is that one's.
pub async fn find_former_owner_end_service(
    conn: &impl ConnectionTrait,
    number: &phone_number::Model,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let values = [
        number.twilio_account_sid.clone().into(),
        number.number.clone().into(),
        number.organization_id.into(),
    ];
    let select = Statement::from_sql_and_values(conn.get_database_backend(), SELECT, values);
    Ok(Row::find_by_statement(select)
        .one(conn)
        .await?
        .and_then(|row| row.ended))
}
