use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{
    bases::{
        error::AppError,
        ids::{AttachmentId, OrganizationId},
        realtime::{EventKind, RealtimeNotice, publish_realtime},
    },
    entities::{message_attachment, states::AttachmentState},
};

/// A file of the organization; 404 if it has no such file.
pub async fn find_attachment_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    id: AttachmentId,
) -> Result<message_attachment::Model, AppError> {
    message_attachment::Entity::in_org(organization)
        .filter(message_attachment::Column::Id.eq(id))
        .one(conn)
        .await?
        .ok_or_else(|| AppError::not_found("file"))
}

/// Retries a file whose fetch failed, with all its tries. One that is stored or under way stays as
/// it is.
pub async fn retry_attachment_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    id: AttachmentId,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let file = find_attachment_service(conn, organization, id).await?;
    let again = message_attachment::ActiveModel {
        state: Set(AttachmentState::Pending.into()),
        tries: Set(0),
        next_try_at: Set(now),
        error: Set(None),
        // Its run has counted it as failed and waits no more.
        sync_run_id: Set(None),
        ..Default::default()
    };
    message_attachment::Entity::update_many()
        .set(again)
        .filter(message_attachment::Column::OrganizationId.eq(organization))
        .filter(message_attachment::Column::Id.eq(id))
        .filter(message_attachment::Column::State.eq(AttachmentState::Failed))
        .exec(conn)
        .await?;
    let notice = RealtimeNotice::new(organization, EventKind::MessageStatus, file.message_id);
    publish_realtime(conn, &[notice]).await?;
    Ok(())
}
