use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::{HistoryDetails, OddWords, ResolvedMessage};
use crate::{
    bases::{
        ids::{ContactId, MessageId, OrganizationId, PhoneNumberId, UserId},
        sql::{self, column, nullable_column},
    },
    entities::{
        position::Position,
        states::{LogSource, MessageDirection, MessageSource, MessageStatus},
    },
};

// Arrays hold no nulls: a flag, or the value that means nothing, stands for them. Those that are
// rarely set come as text, which may hold nulls.
const INSERT: &str = "
INSERT INTO message
    (id, organization_id, contact_id, phone_number_id, direction, body, from_address, to_address,
     also_to, status, external_id, source, num_media, num_segments, error_code, error_message,
     price, price_unit, sent_by_user_id, client_key, created_at, stated_at, position, sent_at,
     delivered_at, updated_at)
SELECT id, organization_id, contact_id, phone_number_id, direction, CASE WHEN has_body THEN body END,
       from_address, to_address, string_to_array(also_to, ' '), status,
       NULLIF(external_id, ''), source, num_media, NULLIF(num_segments, -1), NULLIF(error_code, 0),
       NULLIF(error_message, ''), NULLIF(price, ''), NULLIF(price_unit, ''), sent_by_user_id,
       client_key, created_at, stated_at, position, CASE WHEN was_sent THEN sent_at END,
       delivered_at, coalesce(updated_at, now())
FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bool[], $7::text[], $8::text[],
    $9::text[], $10::text::text[], $11::text[], $12::text[], $13::text[], $14::int[], $15::int[],
    $16::int[], $17::text[], $18::text[], $19::text[], $20::text::uuid[], $21::text::uuid[],
    $22::timestamptz[], $23::text::timestamptz[], $24::bigint[], $25::bool[], $26::timestamptz[],
    $27::text::timestamptz[], $28::text::timestamptz[])
    AS m (id, organization_id, contact_id, phone_number_id, direction, has_body, body, from_address,
          to_address, also_to, status, external_id, source, num_media, num_segments, error_code,
          error_message, price, price_unit, sent_by_user_id, client_key, created_at, stated_at,
          position, was_sent, sent_at, delivered_at, updated_at)
ON CONFLICT (organization_id, external_id) DO NOTHING
RETURNING id, organization_id, status, error_code, error_message, created_at
";

// In the same statement: finding the messages again took as long as a quarter of storing them.
const LOG: &str = "
INSERT INTO message_event
    (organization_id, message_id, status, source, applied, error_code, error_message, payload,
     dedup_key, occurred_at, status_word, user_id)
SELECT new.organization_id, new.id, new.status, $29, true, new.error_code, new.error_message,
       odd.payload, $30, new.created_at, NULLIF(odd.status, ''), $31
FROM new
LEFT JOIN unnest($32::uuid[], $33::text[], $34::text[]) AS odd (id, payload, status)
    ON odd.id = new.id
";

/// A row of `message` that is to be inserted.
#[derive(Debug, Clone)]
pub struct MessageInsert<'a> {
    pub id: MessageId,
    pub organization_id: OrganizationId,
    pub contact_id: ContactId,
    pub phone_number_id: PhoneNumberId,
    pub direction: MessageDirection,
    pub body: Option<&'a str>,
    pub from_address: &'a str,
    pub to_address: &'a str,
    /// The other numbers that a text to a group went to; no number has a blank in it.
    pub also_to: &'a [String],
    pub status: MessageStatus,
    /// Twilio's SID, if it has one yet.
    pub sid: Option<&'a str>,
    pub source: MessageSource,
    pub num_media: i32,
    pub num_segments: Option<i32>,
    /// An empty text of it is none.
    pub details: HistoryDetails,
    pub sent_by: Option<UserId>,
    pub client_key: Option<Uuid>,
    pub at: DateTime<Utc>,
    pub stated_at: Option<DateTime<Utc>>,
    pub position: Position,
    pub delivered_at: Option<DateTime<Utc>>,
    /// Now, where there is none.
    pub updated_at: Option<DateTime<Utc>>,
}

impl<'a> From<&ResolvedMessage<'a>> for MessageInsert<'a> {
    fn from(row: &ResolvedMessage<'a>) -> Self {
        let message = row.message;
        Self {
            id: row.id,
            organization_id: message.organization_id,
            contact_id: row.contact_id,
            phone_number_id: message.phone_number_id,
            direction: message.direction,
            body: message.body.as_deref(),
            from_address: &message.from_address,
            to_address: &message.to_address,
            also_to: &message.also_to,
            status: message.status,
            sid: Some(message.sid.as_str()),
            source: message.source,
            num_media: message.num_media,
            num_segments: message.num_segments,
            details: message.details.clone(),
            sent_by: None,
            client_key: None,
            at: message.at,
            stated_at: message.stated_at,
            position: message.position,
            delivered_at: None,
            updated_at: None,
        }
    }
}

/// The first entry of the delivery log of each inserted message: its status.
#[derive(Debug, Clone)]
pub struct FirstLogEntry<'a> {
    pub source: LogSource,
    pub dedup_key: &'a str,
    pub user: Option<UserId>,
    /// What of Twilio's words could not be kept in a message.
    pub odd: Vec<(MessageId, &'a OddWords)>,
}

impl<'a> FirstLogEntry<'a> {
    /// Of messages that were read from Twilio's list, with what was odd by SID.
    pub fn of_list(
        source: LogSource,
        rows: &[ResolvedMessage<'_>],
        odd: &HashMap<&str, &'a OddWords>,
    ) -> Self {
        let odd = rows
            .iter()
            .filter_map(|row| Some((row.id, *odd.get(row.message.sid.as_str())?)));
        Self {
            source,
            dedup_key: source.as_str(),
            user: None,
            odd: odd.collect(),
        }
    }
}

#[derive(FromQueryResult)]
struct Inserted {
    id: MessageId,
}

/// The one writer of new rows of `message`: inserts them in one statement, in the order given, with
/// a first entry of the delivery log each if wanted. Returns those that were new; one whose SID is
/// known stays as it is.
pub async fn insert_messages_service(
    conn: &impl ConnectionTrait,
    rows: &[MessageInsert<'_>],
    log: Option<FirstLogEntry<'_>>,
) -> Result<HashSet<MessageId>, DbErr> {
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let mut values = values_of(rows);
    let mut log_sql = String::new();
    if let Some(log) = log {
        log_sql = format!(", log AS ({LOG})");
        values.extend(values_of_log(&log));
    }
    let insert = format!("WITH new AS ({INSERT}){log_sql} SELECT id FROM new");
    let inserted = sql::rows::<Inserted>(conn, insert, values).await?;
    Ok(inserted.into_iter().map(|row| row.id).collect())
}

fn values_of(rows: &[MessageInsert<'_>]) -> Vec<Value> {
    vec![
        column(rows, |row| row.id),
        column(rows, |row| row.organization_id),
        column(rows, |row| row.contact_id),
        column(rows, |row| row.phone_number_id),
        column(rows, |row| row.direction),
        column(rows, |row| row.body.is_some()),
        texts(rows, |row| row.body),
        column(rows, |row| row.from_address.to_owned()),
        column(rows, |row| row.to_address.to_owned()),
        rare(rows, |row| {
            (!row.also_to.is_empty()).then(|| row.also_to.join(" "))
        }),
        column(rows, |row| row.status),
        texts(rows, |row| row.sid),
        column(rows, |row| row.source),
        column(rows, |row| row.num_media),
        column(rows, |row| row.num_segments.unwrap_or(-1)),
        column(rows, |row| row.details.error_code.unwrap_or(0)),
        texts(rows, |row| row.details.error_message.as_deref()),
        texts(rows, |row| row.details.price.as_deref()),
        texts(rows, |row| row.details.price_unit.as_deref()),
        rare(rows, |row| row.sent_by),
        rare(rows, |row| row.client_key),
        column(rows, |row| row.at),
        rare(rows, |row| row.stated_at),
        column(rows, |row| row.position),
        column(rows, |row| row.details.sent_at.is_some()),
        column(rows, |row| row.details.sent_at.unwrap_or(row.at)),
        rare(rows, |row| row.delivered_at),
        rare(rows, |row| row.updated_at),
    ]
}

/// A column of texts, of which an empty one is none. Without any it is empty: `unnest` fills up
/// with nulls.
fn texts(
    rows: &[MessageInsert<'_>],
    text: for<'r> fn(&'r MessageInsert<'_>) -> Option<&'r str>,
) -> Value {
    let any = rows.iter().any(|row| text(row).is_some());
    column(if any { rows } else { &[] }, |row| {
        text(row).unwrap_or_default().to_owned()
    })
}

/// A column that few rows have a value of; the same holds without any.
fn rare<T: ToString>(
    rows: &[MessageInsert<'_>],
    value: impl Fn(&MessageInsert<'_>) -> Option<T>,
) -> Value {
    let any = rows.iter().any(|row| value(row).is_some());
    nullable_column(if any { rows } else { &[] }, value)
}

fn values_of_log(log: &FirstLogEntry<'_>) -> [Value; 6] {
    [
        log.source.into(),
        log.dedup_key.into(),
        log.user.into(),
        column(&log.odd, |(id, _)| *id),
        column(&log.odd, |(_, words)| words.json.clone()),
        column(&log.odd, |(_, words)| {
            words.status.clone().unwrap_or_default()
        }),
    ]
}
