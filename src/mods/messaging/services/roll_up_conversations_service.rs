use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    bases::{
        ids::{ContactId, ConversationId, MessageId, OrganizationId},
        sql::{self, column, nullable_column},
    },
    entities::position::Position,
    mods::contact::services::update_contacts_last_contacted_batch_service,
};

/// A new message, as far as its conversation is concerned.
#[derive(Debug, Clone)]
pub struct RollUp {
    pub organization_id: OrganizationId,
    pub contact_id: ContactId,
    pub message_id: MessageId,
    pub at: DateTime<Utc>,
    /// Where it stands among those of its second.
    pub position: Position,
    pub preview: Option<String>,
    /// Whether agents have to read it: inbound and live.
    pub unread: bool,
}

impl RollUp {
    fn place(&self) -> (i64, Position, MessageId) {
        (self.at.timestamp(), self.position, self.message_id)
    }
}

// In the order of the contacts, so that two batches take their locks in the same order. Rows that
// would not change are left out: even an empty update locks and writes its row, and most imported
// messages are older than their conversation's last one.
const UPSERT: &str = "
INSERT INTO conversation
    (id, organization_id, contact_id, unread_count, last_message_id, last_message_at,
     last_message_preview, last_message_position)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::uuid[], $6::timestamptz[],
                     $7::text::text[], $8::bigint[])
    AS new (id, organization_id, contact_id, unread_count, last_message_id, last_message_at,
            preview, position)
WHERE new.unread_count > 0 OR NOT EXISTS (
    SELECT 1 FROM conversation known
    WHERE known.organization_id = new.organization_id AND known.contact_id = new.contact_id
      AND (date_trunc('second', known.last_message_at), known.last_message_position)
        > (date_trunc('second', new.last_message_at), new.position))
ON CONFLICT (organization_id, contact_id) DO UPDATE SET
    unread_count = conversation.unread_count + EXCLUDED.unread_count,
    (last_message_id, last_message_preview, last_message_at, last_message_position) = (
        SELECT last.* FROM (
            VALUES (EXCLUDED.last_message_id, EXCLUDED.last_message_preview,
                    EXCLUDED.last_message_at, EXCLUDED.last_message_position),
                   (conversation.last_message_id, conversation.last_message_preview,
                    conversation.last_message_at, conversation.last_message_position)
            ) AS last (id, preview, at, position)
        ORDER BY date_trunc('second', last.at) DESC, last.position DESC LIMIT 1)
";

/// Creates or advances the conversations of new messages, and their contacts' `last_contacted_at`.
/// Nothing goes back: an older message changes only the unread count.
pub async fn roll_up_conversations_service(
    conn: &impl ConnectionTrait,
    messages: &[RollUp],
) -> Result<(), DbErr> {
    let mut latest: BTreeMap<(OrganizationId, ContactId), (&RollUp, i32)> = BTreeMap::new();
    for message in messages {
        let key = (message.organization_id, message.contact_id);
        let (newest, unread) = latest.entry(key).or_insert((message, 0));
        *unread += i32::from(message.unread);
        // As the thread has them.
        if message.place() > newest.place() {
            *newest = message;
        }
    }
    if latest.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = latest.into_values().collect();
    sql::run(
        conn,
        UPSERT,
        [
            column(&rows, |_| ConversationId::new()),
            column(&rows, |(m, _)| m.organization_id),
            column(&rows, |(m, _)| m.contact_id),
            column(&rows, |(_, unread)| *unread),
            column(&rows, |(m, _)| m.message_id),
            column(&rows, |(m, _)| m.at),
            nullable_column(&rows, |(m, _)| m.preview.clone()),
            column(&rows, |(m, _)| m.position),
        ],
    )
    .await?;
    let contacted: Vec<_> = rows
        .iter()
        .map(|(m, _)| (m.organization_id, m.contact_id, m.at))
        .collect();
    update_contacts_last_contacted_batch_service(conn, &contacted).await
}
