use sea_orm::TransactionTrait;

use crate::bases::{
    db::Db,
    error::AppError,
    ids::{ContactId, MessageId, OrganizationId},
    realtime::{EventKind, RealtimeNotice, publish_realtime},
    sql,
};

const MARK_UNREAD: &str = "
UPDATE conversation SET unread_count = greatest(unread_count, 1)
WHERE organization_id = $1 AND contact_id = $2
RETURNING last_message_id
";

// By the time of the failures themselves, so that no other clock has a say.
const DISMISS_FAILURES: &str = "
UPDATE conversation c SET failures_dismissed_at = greatest(c.failures_dismissed_at, (
    SELECT max(f.updated_at) FROM message f
    WHERE f.organization_id = c.organization_id AND f.contact_id = c.contact_id
      AND f.direction = 'outbound' AND f.source = 'loquent'
      AND f.status IN ('failed', 'undelivered')))
WHERE c.organization_id = $1 AND c.contact_id = $2
RETURNING c.last_message_id
";

/// Makes a conversation unread for everybody, as if its last text had just come. 404 if there is
/// none.
pub async fn mark_conversation_unread_service(
    db: &Db,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<(), AppError> {
    change(db, MARK_UNREAD, organization, contact).await
}

/// Takes the texts that did not reach the customer out of the list's hint, for everybody. They stay
/// in the thread, and can still be sent again. 404 if there is no such conversation.
pub async fn dismiss_failures_service(
    db: &Db,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<(), AppError> {
    change(db, DISMISS_FAILURES, organization, contact).await
}

/// Changes a conversation and tells everybody its row.
async fn change(
    db: &Db,
    sql: &str,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<(), AppError> {
    let transaction = db.begin().await?;
    let changed = sql::first(&transaction, sql, [organization.into(), contact.into()]).await?;
    let row = changed.ok_or_else(|| AppError::not_found("conversation"))?;
    let last_message: MessageId = row.try_get("", "last_message_id")?;
    let notice = RealtimeNotice::new(organization, EventKind::MessageStatus, last_message);
    publish_realtime(&transaction, &[notice]).await?;
    transaction.commit().await?;
    Ok(())
}
