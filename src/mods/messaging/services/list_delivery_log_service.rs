use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::find_messages_by_ids;
use crate::{
    bases::{
        error::AppError,
        ids::{MessageId, OrganizationId},
        sql,
    },
    entities::states::{LogSource, MessageStatus},
    mods::messaging::types::{DeliveryLog, DeliveryLogEntry, DeliveryLogError, Message},
    twilio::explain_twilio_error,
};

/// A message has about five reports for each attempt; nobody reads more than this.
const LIMIT: usize = 200;
/// Prefix of the delivery log's key for the start of an attempt; the number follows.
const ATTEMPT_KEY: &str = "attempt:";

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    status: MessageStatus,
    source: LogSource,
    applied: bool,
    error_code: Option<i32>,
    error_message: Option<String>,
    dedup_key: String,
    status_word: Option<String>,
    occurred_at: DateTime<Utc>,
    received_at: DateTime<Utc>,
    by: Option<String>,
}

// The order of the ids is that of arrival. The unique index finds the rows of the message.
const SELECT: &str = r#"
SELECT e.id, e.status, e.source, e.applied, e.error_code, e.error_message, e.dedup_key,
       e.status_word, e.occurred_at, e.received_at, u.name AS by
FROM message_event e
LEFT JOIN "user" u ON u.id = e.user_id
WHERE e.organization_id = $1 AND e.message_id = $2
ORDER BY e.id DESC LIMIT $3
"#;

/// The delivery log of a message; 404 if the organization has no such message.
pub async fn list_delivery_log_service(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    id: MessageId,
) -> Result<DeliveryLog, AppError> {
    let message = find_messages_by_ids(conn, organization, &[id])
        .await?
        .pop()
        .ok_or_else(|| AppError::not_found("message"))?;
    let values = [organization.into(), id.into(), (LIMIT as i64 + 1).into()];
    let rows = sql::rows::<Row>(conn, SELECT, values).await?;
    let earlier_left_out = rows.len() > LIMIT;
    let mut entries = rows
        .into_iter()
        .take(LIMIT)
        .map(|row| entry(row, &message))
        .collect::<Vec<_>>();
    entries.reverse();
    Ok(DeliveryLog {
        entries,
        earlier_left_out,
    })
}

fn entry(row: Row, message: &Message) -> DeliveryLogEntry {
    let attempt: Option<i32> = row
        .dedup_key
        .strip_prefix(ATTEMPT_KEY)
        .filter(|_| row.source == LogSource::User)
        .and_then(|number| number.parse().ok());
    DeliveryLogEntry {
        id: row.id,
        status: row.status,
        source: row.source,
        status_word: row.status_word,
        applied: row.applied,
        error: error(row.error_code, row.error_message),
        // The record of an older version does not say it; the message does, of its first attempt.
        by: row
            .by
            .or_else(|| message.sent_by_name.clone().filter(|_| attempt == Some(1))),
        attempt,
        occurred_at: row.occurred_at,
        received_at: row.received_at,
    }
}

fn error(code: Option<i32>, message: Option<String>) -> Option<DeliveryLogError> {
    if code.is_none() && message.is_none() {
        return None;
    }
    let known = code.and_then(explain_twilio_error);
    Some(DeliveryLogError {
        code,
        title: known.map(|known| known.title.to_owned()).or(message),
        meaning: known.map(|known| known.meaning.to_owned()),
        action: known.map(|known| known.action.to_owned()),
    })
}
