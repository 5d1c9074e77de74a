use sea_orm::{ConnectionTrait, DbErr};

use crate::bases::{
    ids::{MessageId, OrganizationId},
    realtime::{EventKind, RealtimeNotice, publish_realtime},
    sql,
};

const MOVE_CONVERSATION: &str = "
UPDATE conversation SET last_message_id = $2
WHERE organization_id = $1 AND last_message_id = $3
  AND contact_id = (SELECT contact_id FROM message WHERE id = $2)
";

const DELETE: &str = "DELETE FROM message WHERE organization_id = $1 AND id = $2";

/// Removes a message that turned out to be the same text as another one, which takes its place, and
/// tells browsers. Its delivery log is deleted with it, unless it was moved before. Call it in a
/// transaction.
pub(super) async fn replace_message_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    removed: MessageId,
    by: MessageId,
) -> Result<(), DbErr> {
    let values = [organization.into(), by.into(), removed.into()];
    sql::run(conn, MOVE_CONVERSATION, values).await?;
    let values = [organization.into(), removed.into()];
    sql::run(conn, DELETE, values).await?;
    let notice = RealtimeNotice::new(organization, EventKind::MessageRemoved, removed);
    publish_realtime(conn, &[notice]).await
}
