use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::replace_message_service::replace_message_service;
use crate::{
    bases::{
        ids::{MessageId, OrganizationId},
        sql,
    },
    twilio::MessageSid,
};

/// A message that Twilio's record shows to be the sender's half of a text to one of our numbers.
#[derive(Debug)]
pub struct SendersHalf<'a> {
    pub organization_id: OrganizationId,
    pub message_id: MessageId,
    pub sid: &'a MessageSid,
    pub body: Option<&'a str>,
    pub at: DateTime<Utc>,
}

// A text is received within seconds of being sent. Of several with the same words the nearest is
// taken; each takes one half only.
const FIND: &str = "
SELECT received.id FROM message half
JOIN message received
  ON received.organization_id = half.organization_id AND received.contact_id = half.contact_id
WHERE half.organization_id = $1 AND half.id = $2
  AND received.id <> half.id AND received.direction = 'inbound'
  AND received.source IS DISTINCT FROM 'external'
  AND received.to_address = half.to_address AND received.body IS NOT DISTINCT FROM $3::text
  AND received.created_at BETWEEN $4 - interval '10 minutes' AND $4 + interval '10 minutes'
  AND NOT EXISTS (SELECT 1 FROM message_attempt a WHERE a.message_id = received.id
                  AND a.organization_id = received.organization_id)
ORDER BY abs(extract(epoch FROM received.created_at - $4)) LIMIT 1
FOR UPDATE
";

const MOVE_AUDIT: &str = "
UPDATE message_event SET message_id = $3, applied = false
WHERE organization_id = $1 AND message_id = $2
";

const KEEP_SID: &str = "
INSERT INTO message_attempt (organization_id, external_id, message_id, attempt)
SELECT organization_id, $3, id, attempt FROM message WHERE organization_id = $1 AND id = $2
ON CONFLICT DO NOTHING
";

#[derive(FromQueryResult)]
struct Received {
    id: MessageId,
}

/// Of a text between two numbers of one account Twilio has two messages. Where only the receiver is
/// ours, the statuses of the sender's one name our number as well, and it was taken for a text to
/// us: it becomes part of the one that we received, as an entry of the delivery log that changes
/// nothing, and its SID stays known. Call it in a transaction.
///
/// Returns false if the received one is not here yet.
pub async fn merge_senders_half_service(
    conn: &impl ConnectionTrait,
    half: &SendersHalf<'_>,
) -> Result<bool, DbErr> {
    let organization = half.organization_id;
    let values = [
        organization.into(),
        half.message_id.into(),
        half.body.into(),
        half.at.into(),
    ];
    let Some(received) = sql::row::<Received>(conn, FIND, values).await? else {
        return Ok(false);
    };
    let values = [
        organization.into(),
        half.message_id.into(),
        received.id.into(),
    ];
    sql::run(conn, MOVE_AUDIT, values).await?;
    let values = [
        organization.into(),
        received.id.into(),
        half.sid.as_str().into(),
    ];
    sql::run(conn, KEEP_SID, values).await?;
    let by = received.id;
    replace_message_service(conn, organization, half.message_id, by).await?;
    tracing::info!(organization_id = %organization, message_id = %by, sid = %half.sid, "the sender's half of a text became part of the received one");
    Ok(true)
}
