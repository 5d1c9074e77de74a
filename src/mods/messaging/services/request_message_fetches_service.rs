use sea_orm::{ConnectionTrait, DbErr};

use crate::bases::{
    ids::{MessageId, OrganizationId},
    sql::{self, column},
};

const INSERT: &str = "
INSERT INTO message_fetch (organization_id, message_id)
SELECT * FROM unnest($1::uuid[], $2::uuid[])
ON CONFLICT (organization_id, message_id) DO NOTHING
";

const DROP: &str = "
DELETE FROM message_fetch WHERE organization_id = $1 AND message_id = ANY ($2)
";

/// Queues messages of which only an event is known, in the caller's transaction: their body, files,
/// price and times are read from Twilio.
pub async fn request_message_fetches_service(
    conn: &impl ConnectionTrait,
    messages: &[(OrganizationId, MessageId)],
) -> Result<(), DbErr> {
    if messages.is_empty() {
        return Ok(());
    }
    let values = [
        column(messages, |(organization, _)| *organization),
        column(messages, |(_, id)| *id),
    ];
    sql::run(conn, INSERT, values).await.map(drop)
}

/// Removes messages from the queue whose details became known in another way.
pub async fn drop_message_fetches_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    messages: &[MessageId],
) -> Result<(), DbErr> {
    if messages.is_empty() {
        return Ok(());
    }
    let values = [organization.into(), messages.to_vec().into()];
    sql::run(conn, DROP, values).await.map(drop)
}
