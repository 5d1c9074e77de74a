use sea_orm::{ConnectionTrait, DbErr, Statement};

use crate::bases::{
    ids::{MessageId, OrganizationId},
    realtime::{EventKind, RealtimeNotice, publish_realtime},
};

const MOVE_CONVERSATION: &str = "
UPDATE conversation SET last_message_id = $2
WHERE organization_id = $1 AND last_message_id = $3
  AND contact_id = (SELECT contact_id FROM message WHERE id = $2)
";

const DELETE: &str = "DELETE FROM message WHERE organization_id = $1 AND id = $2";

/// Removes a message that turned out to be the same text as another one, which takes its place, and
/// tells browsers. Its audit goes with it, unless it was moved before. Call it in a transaction.
pub(super) async fn replace_message_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    removed: MessageId,
    by: MessageId,
) -> Result<(), DbErr> {
    let backend = conn.get_database_backend();
    let values = [organization.0.into(), by.0.into(), removed.0.into()];
    let moving = Statement::from_sql_and_values(backend, MOVE_CONVERSATION, values);
    conn.execute_raw(moving).await?;
    let values = [organization.0.into(), removed.0.into()];
    conn.execute_raw(Statement::from_sql_and_values(backend, DELETE, values))
        .await?;
    let notice = RealtimeNotice::new(organization, EventKind::MessageRemoved, removed.0);
    publish_realtime(conn, &[notice]).await
}
