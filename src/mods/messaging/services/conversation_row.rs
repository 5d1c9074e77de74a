//! Reading rows of the conversation list.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::message_row::parse;
use crate::{
    bases::{
        error::AppError,
        ids::{ContactId, ConversationId, PhoneNumberId},
        phone_format::shown_phone,
        position::Position,
    },
    mods::{
        contact::types::Contact,
        messaging::{types::Conversation, utils::FileType},
    },
};

/// The columns of [`ConversationRow`]. The time of the statement is before its snapshot.
pub(super) const SELECT_CONVERSATION: &str = "
SELECT c.id, c.unread_count, c.last_message_at, c.last_message_position, c.last_message_preview,
       ct.id AS contact_id, ct.first_name, ct.last_name, ct.phone, ct.source, ct.created_at,
       ct.last_contacted_at, ct.opted_out_at,
       m.direction, m.status, m.error_code, m.num_media, m.phone_number_id,
       CASE WHEN m.num_media > 0 THEN (
           SELECT a.content_type FROM message_attachment a
           WHERE a.organization_id = m.organization_id AND a.message_id = m.id
           ORDER BY a.position LIMIT 1) END AS file_type,
       statement_timestamp() AS as_of
FROM conversation c
JOIN contact ct ON ct.id = c.contact_id
JOIN message m ON m.id = c.last_message_id
";

#[derive(FromQueryResult)]
pub(super) struct ConversationRow {
    id: Uuid,
    unread_count: i32,
    last_message_at: DateTime<Utc>,
    last_message_position: i64,
    last_message_preview: Option<String>,
    contact_id: Uuid,
    first_name: String,
    last_name: String,
    phone: String,
    source: String,
    created_at: DateTime<Utc>,
    last_contacted_at: Option<DateTime<Utc>>,
    opted_out_at: Option<DateTime<Utc>>,
    direction: String,
    status: String,
    error_code: Option<i32>,
    num_media: i32,
    file_type: Option<String>,
    phone_number_id: Option<Uuid>,
    as_of: DateTime<Utc>,
}

impl TryFrom<ConversationRow> for Conversation {
    type Error = AppError;

    fn try_from(row: ConversationRow) -> Result<Self, AppError> {
        Ok(Self {
            id: ConversationId(row.id),
            contact: Contact {
                id: ContactId(row.contact_id),
                first_name: row.first_name,
                last_name: row.last_name,
                phone_shown: shown_phone(&row.phone),
                phone: row.phone,
                source: row.source,
                created_at: row.created_at,
                last_contacted_at: row.last_contacted_at,
                opted_out_at: row.opted_out_at,
            },
            unread_count: row.unread_count,
            last_message_at: row.last_message_at,
            last_message_position: Position(row.last_message_position),
            last_message_preview: row.last_message_preview,
            last_message_direction: parse(&row.direction)?,
            last_message_status: parse(&row.status)?,
            last_message_error_code: row.error_code,
            last_message_num_media: row.num_media,
            last_message_file: row.file_type.map(|name| FileType::of(&name).kind()),
            phone_number_id: row.phone_number_id.map(PhoneNumberId),
            as_of: row.as_of,
        })
    }
}
