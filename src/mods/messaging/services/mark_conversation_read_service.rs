use sea_orm::TransactionTrait;

use crate::bases::{
    db::Db,
    error::AppError,
    ids::{ContactId, OrganizationId},
    realtime::{EventKind, RealtimeNotice, publish_realtime},
    sql,
};

const UPDATE: &str = "
UPDATE conversation SET unread_count = 0
WHERE organization_id = $1 AND contact_id = $2 AND unread_count > 0
";

/// Clears the unread count for everybody, and tells them. A conversation that does not exist or
/// has nothing unread is left alone, without an error: there is nothing to read.
pub async fn mark_conversation_read_service(
    db: &Db,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<(), AppError> {
    let transaction = db.begin().await?;
    if sql::run(&transaction, UPDATE, [organization.into(), contact.into()]).await? > 0 {
        let notice = RealtimeNotice::new(organization, EventKind::ConversationRead, contact);
        publish_realtime(&transaction, &[notice]).await?;
    }
    transaction.commit().await?;
    Ok(())
}
