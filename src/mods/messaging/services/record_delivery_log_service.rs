use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    bases::{
        ids::MessageId,
        sql::{self, column, nullable_column},
    },
    mods::messaging::services::StatusChange,
};

const INSERT: &str = "
INSERT INTO message_event
    (organization_id, message_id, status, source, applied, error_code, error_message, payload,
     dedup_key, occurred_at, status_word)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bool[], $6::text::int[],
                     $7::text::text[], $8::text::text[], $9::text[], $10::timestamptz[],
                     $11::text::text[])
ON CONFLICT (organization_id, message_id, dedup_key) DO NOTHING
";

/// News of a message, for its delivery log.
#[derive(Debug, Clone, Copy)]
pub struct LogEntry<'a> {
    pub message_id: MessageId,
    /// Whether the message has the status of the news now. A late report, or one of an earlier
    /// attempt, is kept and changes nothing.
    pub applied: bool,
    pub news: &'a StatusChange,
}

/// Writes news into the delivery logs of messages; the same news is written once.
pub async fn record_delivery_log_service(
    conn: &impl ConnectionTrait,
    entries: &[LogEntry<'_>],
) -> Result<(), DbErr> {
    if entries.is_empty() {
        return Ok(());
    }
    let values = [
        column(entries, |entry| entry.news.organization_id),
        column(entries, |entry| entry.message_id),
        column(entries, |entry| entry.news.news.status),
        column(entries, |entry| entry.news.source),
        column(entries, |entry| entry.applied),
        nullable_column(entries, |entry| entry.news.news.error_code),
        nullable_column(entries, |entry| entry.news.news.error_message.clone()),
        nullable_column(entries, |entry| entry.news.payload.clone()),
        column(entries, |entry| entry.news.dedup_key.clone()),
        column(entries, |entry| entry.news.news.at),
        nullable_column(entries, |entry| entry.news.status_word.clone()),
    ];
    sql::run(conn, INSERT, values).await.map(drop)
}
