use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Statement};
use uuid::Uuid;

use crate::{
    bases::{
        ids::{ContactId, MessageId, OrganizationId},
        sql::{column, nullable_column},
    },
    mods::contact::services::update_contacts_last_contacted_batch_service,
};

/// A new message, as far as its conversation is concerned.
#[derive(Debug, Clone)]
pub struct RollUp {
    pub organization_id: OrganizationId,
    pub contact_id: ContactId,
    pub message_id: MessageId,
    pub at: DateTime<Utc>,
    pub preview: Option<String>,
    /// Whether it is news to the agents: inbound and live.
    pub unread: bool,
}

// In the order of the contacts, so that two batches take their locks in the same order. What
// changes nothing is left out before: even an update that does nothing locks and writes its row,
// and of an imported history most is older than its conversation.
const UPSERT: &str = "
INSERT INTO conversation
    (id, organization_id, contact_id, unread_count, last_message_id, last_message_at, last_message_preview)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::uuid[], $6::timestamptz[], $7::text::text[])
    AS new (id, organization_id, contact_id, unread_count, last_message_id, last_message_at, preview)
WHERE new.unread_count > 0 OR new.last_message_at >= coalesce(
    (SELECT known.last_message_at FROM conversation known
     WHERE known.organization_id = new.organization_id AND known.contact_id = new.contact_id),
    '-infinity')
ON CONFLICT (organization_id, contact_id) DO UPDATE SET
    unread_count = conversation.unread_count + EXCLUDED.unread_count,
    last_message_id = CASE WHEN EXCLUDED.last_message_at >= conversation.last_message_at
        THEN EXCLUDED.last_message_id ELSE conversation.last_message_id END,
    last_message_preview = CASE WHEN EXCLUDED.last_message_at >= conversation.last_message_at
        THEN EXCLUDED.last_message_preview ELSE conversation.last_message_preview END,
    last_message_at = greatest(EXCLUDED.last_message_at, conversation.last_message_at)
";

/// Makes or moves forward the conversations of new messages, and their contacts'
/// `last_contacted_at`. Nothing moves back: an older message changes only the unread count.
pub async fn roll_up_conversations_service(
    conn: &impl ConnectionTrait,
    messages: &[RollUp],
) -> Result<(), DbErr> {
    let mut latest: BTreeMap<(OrganizationId, ContactId), (&RollUp, i32)> = BTreeMap::new();
    for message in messages {
        let key = (message.organization_id, message.contact_id);
        let (newest, unread) = latest.entry(key).or_insert((message, 0));
        *unread += i32::from(message.unread);
        // As the thread has them: ids are in the order in which they were made.
        if (message.at, message.message_id) > (newest.at, newest.message_id) {
            *newest = message;
        }
    }
    if latest.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = latest.into_values().collect();
    let upsert = Statement::from_sql_and_values(
        conn.get_database_backend(),
        UPSERT,
        [
            column(&rows, |_| Uuid::now_v7()),
            column(&rows, |(m, _)| m.organization_id.0),
            column(&rows, |(m, _)| m.contact_id.0),
            column(&rows, |(_, unread)| *unread),
            column(&rows, |(m, _)| m.message_id.0),
            column(&rows, |(m, _)| m.at),
            nullable_column(&rows, |(m, _)| m.preview.clone()),
        ],
    );
    conn.execute_raw(upsert).await?;
    let contacted: Vec<_> = rows
        .iter()
        .map(|(m, _)| (m.organization_id, m.contact_id, m.at))
        .collect();
    update_contacts_last_contacted_batch_service(conn, &contacted).await
}
