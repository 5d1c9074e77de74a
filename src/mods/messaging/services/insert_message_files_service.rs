use sea_orm::{ConnectionTrait, DbErr};

use crate::bases::{
    ids::{AttachmentId, ImportId, MessageId, OrganizationId},
    sql::{self, column, nullable_column},
};

/// Twilio allows 10 files for each message; a larger number is wrong.
const MOST_FILES: i32 = 20;

const INSERT: &str = "
INSERT INTO message_attachment (id, organization_id, message_id, position, sync_run_id, state)
SELECT id, organization_id, message_id, position, sync_run_id, 'pending'
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::text::uuid[])
    AS t (id, organization_id, message_id, position, sync_run_id)
ON CONFLICT (organization_id, message_id, position) DO NOTHING
";

/// How many files a message has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageFiles {
    pub organization_id: OrganizationId,
    pub message_id: MessageId,
    /// As Twilio says, capped.
    pub count: i32,
    /// The import that waits for them.
    pub sync_run_id: Option<ImportId>,
}

/// Queues files; queued ones stay as they are. So it may be called when a message is inserted, and
/// again when its files become known. Returns the number of new ones.
pub async fn insert_message_files_service(
    conn: &impl ConnectionTrait,
    messages: &[MessageFiles],
) -> Result<u64, DbErr> {
    let files: Vec<(&MessageFiles, i32)> = messages
        .iter()
        .flat_map(|message| (0..message.count.min(MOST_FILES)).map(move |place| (message, place)))
        .collect();
    if files.is_empty() {
        return Ok(0);
    }
    sql::run(
        conn,
        INSERT,
        [
            column(&files, |_| AttachmentId::new()),
            column(&files, |(message, _)| message.organization_id),
            column(&files, |(message, _)| message.message_id),
            column(&files, |(_, place)| *place),
            nullable_column(&files, |(message, _)| message.sync_run_id),
        ],
    )
    .await
}
