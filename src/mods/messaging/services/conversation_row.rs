//! Reading rows of the conversation list.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;

use crate::{
    bases::ids::{ContactId, ConversationId, PhoneNumberId, UserId},
    entities::{
        opt_out,
        position::Position,
        states::{MessageDirection, MessageStatus},
    },
    mods::{
        contact::types::Contact,
        messaging::{
            types::{Conversation, MessageAuthor, TextState},
            utils::{FileType, is_auto_reply_util},
        },
        phone::utils::shown_phone,
    },
};

/// The columns of [`ConversationRow`]. The time of the statement is before its snapshot. Only who
/// has ever opted out is looked at more closely.
pub(super) fn select_conversation() -> String {
    format!(
        r#"
        SELECT c.id, c.unread_count, c.last_message_at, c.last_message_position,
               c.last_message_preview,
               ct.id AS contact_id, ct.first_name, ct.last_name, ct.phone, ct.source,
               ct.created_at, ct.last_contacted_at,
               CASE WHEN closed.closed_count > 0 AND closed.closed_count = closed.total
                    THEN coalesce(ct.opted_out_at, closed.stopped_at)
                    WHEN coalesce(closed.total, 0) = 0 THEN ct.opted_out_at END AS opted_out_at,
               coalesce(closed.numbers, '{{}}') AS closed_numbers,
               m.direction, m.status, m.error_code, m.num_media, m.phone_number_id,
               CASE WHEN m.num_media > 0 THEN (
                   SELECT a.content_type FROM message_attachment a
                   WHERE a.organization_id = m.organization_id AND a.message_id = m.id
                   ORDER BY a.position LIMIT 1) END AS file_type,
               m.sent_by_user_id, u.name AS sent_by_name, m.body IS NOT NULL AS has_body,
               (m.body IS NULL AND EXISTS (
                   SELECT 1 FROM message_fetch f
                   WHERE f.organization_id = m.organization_id AND f.message_id = m.id
                     AND f.state = 'pending')) AS is_loading,
               (SELECT count(*) FROM message f
                WHERE f.organization_id = c.organization_id AND f.contact_id = c.contact_id
                  AND f.direction = 'outbound' AND f.source = 'loquent'
                  AND f.status IN ('failed', 'undelivered')
                  AND f.updated_at > c.failures_dismissed_at) AS undelivered,
               statement_timestamp() AS as_of
        FROM conversation c
        JOIN contact ct ON ct.id = c.contact_id
        JOIN message m ON m.id = c.last_message_id
        LEFT JOIN "user" u ON u.id = m.sent_by_user_id
        LEFT JOIN LATERAL (
            SELECT count(*) AS total, count(*) FILTER (WHERE n.is_closed) AS closed_count,
                   array_agg(n.id) FILTER (WHERE n.is_closed) AS numbers,
                   (SELECT max(s.stopped_at) FROM contact_sender_opt_out s
                    WHERE s.organization_id = ct.organization_id AND s.contact_id = ct.id)
                       AS stopped_at
            FROM (SELECT p.id, {is_closed} AS is_closed FROM phone_number p
                  WHERE p.organization_id = ct.organization_id AND p.released_at IS NULL
                    AND p.sms_enabled) AS n
        ) AS closed ON ct.opt_out_changed_at IS NOT NULL OR ct.opted_out_at IS NOT NULL
        "#,
        is_closed = opt_out::is_closed("ct", "p.number"),
    )
}

#[derive(FromQueryResult)]
pub(super) struct ConversationRow {
    id: ConversationId,
    unread_count: i32,
    last_message_at: DateTime<Utc>,
    last_message_position: Position,
    last_message_preview: Option<String>,
    contact_id: ContactId,
    first_name: String,
    last_name: String,
    phone: String,
    source: String,
    created_at: DateTime<Utc>,
    last_contacted_at: Option<DateTime<Utc>>,
    opted_out_at: Option<DateTime<Utc>>,
    closed_numbers: Vec<PhoneNumberId>,
    direction: MessageDirection,
    status: MessageStatus,
    error_code: Option<i32>,
    num_media: i32,
    file_type: Option<String>,
    phone_number_id: Option<PhoneNumberId>,
    sent_by_user_id: Option<UserId>,
    sent_by_name: Option<String>,
    has_body: bool,
    is_loading: bool,
    undelivered: i64,
    as_of: DateTime<Utc>,
}

impl From<ConversationRow> for Conversation {
    fn from(row: ConversationRow) -> Self {
        let (text, author) = (text_state(&row), author(&row));
        Self {
            id: row.id,
            contact: Contact {
                id: row.contact_id,
                first_name: row.first_name,
                last_name: row.last_name,
                phone_shown: shown_phone(&row.phone),
                phone: row.phone,
                source: row.source,
                created_at: row.created_at,
                last_contacted_at: row.last_contacted_at,
                opted_out_at: row.opted_out_at,
                closed_numbers: row.closed_numbers,
            },
            unread_count: row.unread_count,
            last_message_at: row.last_message_at,
            last_message_position: row.last_message_position,
            last_message_text: text,
            last_message_author: author,
            undelivered: row.undelivered,
            last_message_preview: row.last_message_preview,
            last_message_direction: row.direction,
            last_message_status: row.status,
            last_message_error_code: row.error_code,
            last_message_num_media: row.num_media,
            last_message_file: row.file_type.map(|name| FileType::of(&name).kind()),
            phone_number_id: row.phone_number_id,
            as_of: row.as_of,
        }
    }
}

fn text_state(row: &ConversationRow) -> TextState {
    if row.is_loading {
        TextState::Loading
    } else if row.has_body || row.num_media > 0 {
        TextState::Known
    } else {
        TextState::Unavailable
    }
}

fn author(row: &ConversationRow) -> Option<MessageAuthor> {
    if row.direction == MessageDirection::Inbound {
        return None;
    }
    let preview = row.last_message_preview.as_deref().unwrap_or_default();
    Some(match (row.sent_by_user_id, &row.sent_by_name) {
        (Some(id), Some(name)) => MessageAuthor::Person {
            id,
            name: name.clone(),
        },
        _ if is_auto_reply_util(preview) => MessageAuthor::AutoReply,
        _ => MessageAuthor::Elsewhere,
    })
}
