use sea_orm::{ConnectionTrait, DbErr, Statement};
use uuid::Uuid;

use super::ResolvedMessage;
use crate::bases::sql::nullable_array;

/// Twilio allows 10 files for each message; more would be a number that cannot be.
const MOST_FILES: i32 = 20;

const INSERT: &str = "
INSERT INTO message_attachment (id, organization_id, message_id, position, sync_run_id, state)
SELECT id, organization_id, message_id, position, sync_run_id, 'pending'
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::text::uuid[])
    AS t (id, organization_id, message_id, position, sync_run_id)
ON CONFLICT (organization_id, message_id, position) DO NOTHING
";

/// Notes the files of messages that were just inserted, to be fetched. Gives their number.
pub async fn insert_attachments_service(
    conn: &impl ConnectionTrait,
    messages: &[ResolvedMessage<'_>],
) -> Result<u64, DbErr> {
    let files: Vec<(&ResolvedMessage<'_>, i32)> = messages
        .iter()
        .flat_map(|row| (0..row.message.num_media.min(MOST_FILES)).map(move |place| (row, place)))
        .collect();
    if files.is_empty() {
        return Ok(0);
    }
    macro_rules! column {
        ($file:pat => $value:expr) => {
            files.iter().map(|$file| $value).collect::<Vec<_>>().into()
        };
    }
    let insert = Statement::from_sql_and_values(
        conn.get_database_backend(),
        INSERT,
        [
            column!(_ => Uuid::now_v7()),
            column!((row, _) => row.message.organization_id.0),
            column!((row, _) => row.id.0),
            column!((_, place) => *place),
            nullable_array(files.iter().map(|(row, _)| row.message.details.sync_run_id)),
        ],
    );
    Ok(conn.execute_raw(insert).await?.rows_affected())
}
