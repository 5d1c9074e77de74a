//! Reading messages as the browser sees them.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::attachment_row::AttachmentRow;
use crate::{
    bases::{
        error::AppError,
        ids::{ContactId, MessageId, OrganizationId, PhoneNumberId},
        sql,
    },
    entities::{
        position::Position,
        states::{MessageDirection, MessageSource, MessageStatus},
    },
    mods::messaging::{
        types::{Attachment, Message},
        utils::find_links_util,
    },
    twilio::{KnownTwilioError, explain_twilio_error},
};

/// The columns of [`MessageRow`], from `message m` and whoever sent it.
///
/// The time of the statement is before its snapshot. So an answer that a change has led to, asked
/// for after its commit, is later than any that lacks the change.
pub(super) const SELECT_MESSAGE: &str = r#"
SELECT m.id, m.contact_id, m.phone_number_id, m.direction, m.body, m.from_address, m.to_address,
       m.also_to, m.status, m.external_id, m.source, m.num_media, m.num_segments, m.error_code,
       m.error_message, u.name AS sent_by_name, m.attempt, m.client_key, m.created_at, m.stated_at,
       m.position, m.sent_at, m.delivered_at, statement_timestamp() AS as_of,
       (m.body IS NULL AND EXISTS (
           SELECT 1 FROM message_fetch f
           WHERE f.organization_id = m.organization_id AND f.message_id = m.id
             AND f.state = 'pending')) AS is_loading,
       (m.outcome_unknown_at IS NOT NULL AND m.external_id IS NULL AND m.status = 'queued')
           AS is_checking,
       CASE WHEN m.status = 'queued' AND m.external_id IS NULL THEN m.delay_reason END
           AS delay_reason,
       (SELECT coalesce(json_agg(json_build_object(
                   'id', a.id, 'state', a.state, 'content_type', a.content_type,
                   'bytes', a.bytes, 'width', a.width, 'height', a.height,
                   'name', a.name, 'error', a.error) ORDER BY a.position), '[]')
        FROM message_attachment a
        WHERE a.organization_id = m.organization_id AND a.message_id = m.id) AS attachments
FROM message m
LEFT JOIN "user" u ON u.id = m.sent_by_user_id
"#;

#[derive(FromQueryResult)]
pub(super) struct MessageRow {
    id: MessageId,
    contact_id: ContactId,
    phone_number_id: Option<PhoneNumberId>,
    direction: MessageDirection,
    body: Option<String>,
    is_loading: bool,
    is_checking: bool,
    delay_reason: Option<String>,
    from_address: String,
    to_address: String,
    also_to: Option<Vec<String>>,
    status: MessageStatus,
    external_id: Option<String>,
    source: Option<MessageSource>,
    num_media: i32,
    num_segments: Option<i32>,
    error_code: Option<i32>,
    error_message: Option<String>,
    sent_by_name: Option<String>,
    attempt: i32,
    client_key: Option<Uuid>,
    created_at: DateTime<Utc>,
    stated_at: Option<DateTime<Utc>>,
    position: Position,
    sent_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
    as_of: DateTime<Utc>,
    attachments: serde_json::Value,
}

impl TryFrom<MessageRow> for Message {
    type Error = AppError;

    fn try_from(row: MessageRow) -> Result<Self, AppError> {
        let (direction, status, source) = (row.direction, row.status, row.source);
        let home = match direction {
            MessageDirection::Inbound => &row.to_address,
            MessageDirection::Outbound => &row.from_address,
        };
        let links = row
            .body
            .as_deref()
            .map(|body| find_links_util(body, home))
            .unwrap_or_default();
        let ours = source == Some(MessageSource::Loquent);
        Ok(Self {
            id: row.id,
            contact_id: row.contact_id,
            phone_number_id: row.phone_number_id,
            direction,
            body: row.body,
            links,
            is_loading: row.is_loading,
            is_checking: row.is_checking,
            delay_reason: row.delay_reason,
            from_address: row.from_address,
            to_address: row.to_address,
            also_to: row.also_to.unwrap_or_default(),
            status,
            external_id: row.external_id,
            source,
            num_media: row.num_media,
            attachments: attachments_of(row.attachments)?,
            num_segments: row.num_segments,
            error_code: row.error_code,
            error_message: row.error_message,
            error_help: row
                .error_code
                .and_then(explain_twilio_error)
                .map(KnownTwilioError::in_words),
            sent_by_name: row.sent_by_name,
            attempt: row.attempt,
            can_retry: ours && direction == MessageDirection::Outbound && status.is_failure(),
            client_key: row.client_key,
            created_at: row.created_at,
            stated_at: row.stated_at,
            position: row.position,
            sent_at: row.sent_at,
            delivered_at: row.delivered_at,
            as_of: row.as_of,
        })
    }
}

fn attachments_of(rows: serde_json::Value) -> Result<Vec<Attachment>, AppError> {
    let rows: Vec<AttachmentRow> = serde_json::from_value(rows).map_err(|error| {
        tracing::error!(%error, "the files of a message cannot be read");
        AppError::Internal
    })?;
    Ok(rows.into_iter().map(Attachment::from).collect())
}

/// The messages of these ids in the organization, in no order; those that are not there are left
/// out.
pub async fn find_messages_by_ids(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    ids: &[MessageId],
) -> Result<Vec<Message>, AppError> {
    sql::rows::<MessageRow>(
        conn,
        format!("{SELECT_MESSAGE} WHERE m.organization_id = $1 AND m.id = ANY ($2)"),
        [organization.into(), ids.to_vec().into()],
    )
    .await?
    .into_iter()
    .map(Message::try_from)
    .collect()
}
