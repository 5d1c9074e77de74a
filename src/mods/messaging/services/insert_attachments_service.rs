use sea_orm::{ConnectionTrait, DbErr};

use super::{MessageFiles, ResolvedMessage, insert_message_files_service};

/// Queues the files of messages that were just inserted. Returns their number.
pub async fn insert_attachments_service(
    conn: &impl ConnectionTrait,
    messages: &[ResolvedMessage<'_>],
) -> Result<u64, DbErr> {
    let files: Vec<MessageFiles> = messages
        .iter()
        .map(|row| MessageFiles {
            organization_id: row.message.organization_id,
            message_id: row.id,
            count: row.message.num_media,
            sync_run_id: row.message.details.sync_run_id,
        })
        .collect();
    insert_message_files_service(conn, &files).await
}
