use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{replace_message_service::replace_message_service, update_message_statuses_service};
use crate::{
    bases::{
        error::AppError,
        ids::{MessageId, OrganizationId},
        sql,
    },
    entities::states::{LogSource, MessageStatus},
    mods::messaging::{services::StatusChange, utils::StatusReport},
    twilio::MessageSid,
};

// Both are locked, in the order of their ids: so does who writes their statuses.
const FIND: &str = "
SELECT id, coalesce(source = 'loquent', false) AS is_ours FROM message
WHERE organization_id = $1 AND (id = $2 OR external_id = $3)
ORDER BY id FOR UPDATE
";

const MOVE_AUDIT: &str = "
UPDATE message_event SET message_id = $2 WHERE organization_id = $1 AND message_id = $3
RETURNING status, source, error_code, error_message, payload, dedup_key, occurred_at, status_word
";

#[derive(FromQueryResult)]
struct Found {
    id: MessageId,
    is_ours: bool,
}

#[derive(FromQueryResult)]
struct Moved {
    status: MessageStatus,
    source: LogSource,
    error_code: Option<i32>,
    error_message: Option<String>,
    payload: Option<String>,
    dedup_key: String,
    occurred_at: DateTime<Utc>,
    status_word: Option<String>,
}

/// What remains of a message that was taken for one from elsewhere.
#[derive(Debug)]
pub struct MergedMessage(Vec<StatusChange>);

/// An event can arrive before Twilio's answer and be taken for a message from elsewhere. The answer
/// shows that it is ours: its delivery log moves to our row, and its own row is deleted. Call it in
/// a transaction, before our row gets the SID; then [`MergedMessage::replay`].
pub async fn merge_external_message_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    ours: MessageId,
    sid: &MessageSid,
) -> Result<MergedMessage, AppError> {
    let values = [organization.into(), ours.into(), sid.as_str().into()];
    let found = sql::rows::<Found>(conn, FIND, values).await?;
    let Some(other) = found.into_iter().find(|row| !row.is_ours) else {
        return Ok(MergedMessage(Vec::new()));
    };
    let values = [organization.into(), ours.into(), other.id.into()];
    let moved = sql::rows::<Moved>(conn, MOVE_AUDIT, values).await?;
    replace_message_service(conn, organization, other.id, ours).await?;
    tracing::info!(organization_id = %organization, message_id = %ours, %sid, "a message taken for one from elsewhere is ours");
    let changes = moved
        .into_iter()
        .map(|row| change(organization, ours, sid, row));
    Ok(MergedMessage(changes.collect()))
}

impl MergedMessage {
    /// Replays on our row what the other one was told. The delivery log has it already.
    pub async fn replay(self, conn: &impl ConnectionTrait) -> Result<(), AppError> {
        update_message_statuses_service(conn, &self.0).await?;
        Ok(())
    }
}

fn change(
    organization_id: OrganizationId,
    ours: MessageId,
    sid: &MessageSid,
    row: Moved,
) -> StatusChange {
    StatusChange {
        organization_id,
        sid: Some(sid.clone()),
        message_id: Some(ours),
        news: StatusReport {
            status: row.status,
            error_code: row.error_code,
            error_message: row.error_message,
            at: row.occurred_at,
        },
        status_word: row.status_word,
        body: None,
        num_segments: None,
        source: row.source,
        dedup_key: row.dedup_key,
        payload: row.payload,
    }
}
