use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    bases::{
        ids::MessageId,
        sql::{self, nullable_column},
    },
    mods::messaging::{services::OddWords, types::LogSource},
};

const INSERT: &str = "
INSERT INTO message_event
    (organization_id, message_id, status, source, applied, error_code, error_message, payload,
     dedup_key, occurred_at, status_word)
SELECT m.organization_id, m.id, m.status, $3, true, m.error_code, m.error_message, o.payload, $3,
       m.created_at, o.status
FROM unnest($1::uuid[], $2::text::text[], $4::text::text[]) AS o (id, payload, status)
JOIN message m ON m.id = o.id
ON CONFLICT (organization_id, message_id, dedup_key) DO NOTHING
";

/// One row of the delivery log for each message that was just read from Twilio's list, with what of
/// Twilio's words could not be kept in the message itself.
pub async fn record_imported_log_service(
    conn: &impl ConnectionTrait,
    imported: &[(MessageId, Option<&OddWords>)],
    source: LogSource,
) -> Result<(), DbErr> {
    if imported.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = imported.iter().map(|(id, _)| id.0).collect();
    let payloads = nullable_column(imported, |(_, odd)| odd.map(|words| words.json.as_str()));
    let statuses = nullable_column(imported, |(_, odd)| {
        odd.and_then(|words| words.status.clone())
    });
    let values = [ids.into(), payloads, source.as_str().into(), statuses];
    sql::run(conn, INSERT, values).await.map(drop)
}
