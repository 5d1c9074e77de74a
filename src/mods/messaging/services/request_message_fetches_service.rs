use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::bases::{
    ids::{MessageId, OrganizationId},
    sql,
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
    let (organizations, ids): (Vec<Uuid>, Vec<Uuid>) =
        messages.iter().map(|(of, id)| (of.0, id.0)).unzip();
    let values = [organizations.into(), ids.into()];
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
    let ids: Vec<Uuid> = messages.iter().map(|id| id.0).collect();
    let values = [organization.0.into(), ids.into()];
    sql::run(conn, DROP, values).await.map(drop)
}
