use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use crate::{
    bases::sql,
    entities::{claim, phone_number},
};

#[derive(FromQueryResult)]
struct Row {
    ended: Option<DateTime<Utc>>,
}

/// When another organization of the same account gave the number up, if older messages belong to
/// that organization: see [`claim::since`].
pub async fn find_former_owner_end_service(
    conn: &impl ConnectionTrait,
    number: &phone_number::Model,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let sql = format!(
        "SELECT {} AS ended FROM phone_number p WHERE p.id = $1",
        claim::since("p")
    );
    let values = [number.id.into()];
    Ok(sql::row::<Row>(conn, sql, values)
        .await?
        .and_then(|row| row.ended))
}
