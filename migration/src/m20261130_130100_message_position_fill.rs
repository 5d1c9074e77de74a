//! The positions of messages that are there: of those that share their second with another one of
//! their thread, and of the last of each conversation. All others stand by their time alone.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, Statement, prelude::Uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Contacts of one statement, which locks only the rows that it changes.
const BATCH: i64 = 500;

// What was read from Twilio's list was given ids from the newest to the oldest, and nothing tells
// when it arrived: it stands before what did. Of what was heard of live, the event tells it best;
// where that is removed, the id has the time at which it was processed.
//
// Those of one second keep a distance, so that what was missed finds a place between them.
const FILL: &str = r#"
WITH batch AS MATERIALIZED (
    SELECT id, organization_id FROM contact WHERE id > $1 ORDER BY id LIMIT $2
), last AS (
    SELECT v.last_message_id AS id FROM conversation v
    JOIN batch b ON v.organization_id = b.organization_id AND v.contact_id = b.id
), wanted AS MATERIALIZED (
    SELECT m.* FROM (
        SELECT m.id, m.organization_id, m.contact_id, m.external_id, m.source, m.position,
               date_trunc('second', m.created_at AT TIME ZONE 'UTC') AS second,
               count(*) OVER (PARTITION BY m.organization_id, m.contact_id,
                              date_trunc('second', m.created_at AT TIME ZONE 'UTC')) AS together
        FROM batch b
        JOIN message m ON m.organization_id = b.organization_id AND m.contact_id = b.id) m
    WHERE m.position = 0 AND (m.together > 1 OR m.id IN (SELECT id FROM last))
), known AS (
    SELECT w.*,
           w.source = 'import' OR EXISTS (
               SELECT 1 FROM message_event h
               WHERE h.message_id = w.id AND h.organization_id = w.organization_id
                 AND h.dedup_key = 'reconciliation') AS is_listed,
           (extract(epoch FROM e.received_at) * 1000000)::bigint AS received,
           ('x' || left(replace(w.id::text, '-', ''), 12))::bit(48)::bigint * 1000 AS made,
           e.id AS event
    FROM wanted w
    LEFT JOIN LATERAL (
        SELECT e.id, e.received_at FROM twilio_event e
        WHERE e.message_sid = w.external_id ORDER BY e.received_at, e.id LIMIT 1) e ON true
), placed AS (
    SELECT id,
           CASE WHEN is_listed
               THEN 16 * row_number() OVER (thread ORDER BY id DESC) - max(made) OVER thread
               ELSE 16 * row_number() OVER (
                        thread ORDER BY coalesce(received, made), event NULLS FIRST, id)
                    + min(coalesce(received, made)) OVER thread
           END AS position
    FROM known
    WINDOW thread AS (PARTITION BY organization_id, contact_id, second, is_listed)
), locked AS MATERIALIZED (
    SELECT m.id FROM message m WHERE m.id IN (SELECT id FROM placed) ORDER BY m.id FOR UPDATE
), filled AS (
    UPDATE message m SET position = p.position
    FROM placed p JOIN locked l ON l.id = p.id
    WHERE m.id = p.id AND m.position = 0
    RETURNING m.id
)
SELECT (SELECT count(*) FROM filled) AS filled,
       (SELECT id FROM batch ORDER BY id DESC LIMIT 1) AS last
"#;

// A line of the list is as `preview_util` makes it.
const CONVERSATIONS: &str = r#"
WITH batch AS MATERIALIZED (
    SELECT id, organization_id FROM contact WHERE id > $1 ORDER BY id LIMIT $2
), newest AS MATERIALIZED (
    SELECT v.id, n.id AS message_id, n.created_at, n.position, n.body
    FROM batch b
    JOIN conversation v ON v.organization_id = b.organization_id AND v.contact_id = b.id
    JOIN message l ON l.id = v.last_message_id
    CROSS JOIN LATERAL (
        SELECT m.id, m.created_at, m.position, m.body FROM message m
        WHERE m.organization_id = b.organization_id AND m.contact_id = b.id
          AND m.created_at >= date_trunc('second', l.created_at)
          AND m.created_at < date_trunc('second', l.created_at) + interval '1 second'
        ORDER BY m.position DESC, m.id DESC LIMIT 1) n
    WHERE v.last_message_position = 0
), locked AS MATERIALIZED (
    SELECT v.id FROM conversation v WHERE v.id IN (SELECT id FROM newest) ORDER BY v.id FOR UPDATE
)
UPDATE conversation v SET
    last_message_position = n.position, last_message_id = n.message_id,
    last_message_at = CASE WHEN v.last_message_id = n.message_id
        THEN v.last_message_at ELSE n.created_at END,
    last_message_preview = CASE WHEN v.last_message_id = n.message_id
        THEN v.last_message_preview
        ELSE nullif(left(trim(regexp_replace(n.body, '\s+', ' ', 'g')), 140), '') END
FROM newest n JOIN locked l ON l.id = n.id
WHERE v.id = n.id AND v.last_message_position = 0
"#;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// Each batch is a transaction of its own.
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let conn = manager.get_connection();
        // It waits for single rows only.
        conn.execute_unprepared("SET lock_timeout = 0").await?;
        let statement = |sql: &str, after: Uuid| {
            let values = [after.into(), BATCH.into()];
            Statement::from_sql_and_values(conn.get_database_backend(), sql, values)
        };
        let mut after = Uuid::nil();
        loop {
            let filled = conn.query_one_raw(statement(FILL, after)).await?;
            let last: Option<Uuid> = match filled {
                Some(row) => row.try_get("", "last")?,
                None => None,
            };
            let Some(last) = last else { return Ok(()) };
            conn.execute_raw(statement(CONVERSATIONS, after)).await?;
            after = last;
        }
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
