use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::{NewMessage, ResolvedMessage};
use crate::{
    bases::{
        ids::{OrganizationId, PhoneNumberId},
        sql::{self, column, nullable_column},
    },
    mods::messaging::{
        services::OddWords,
        types::{LogSource, MessageDirection, MessageSource},
    },
};

// One statement for the messages and their delivery log: finding the messages again for it took as
// long as a quarter of storing them. Arrays hold no nulls: a flag, or the value that means nothing,
// stands for them.
const IMPORT: &str = "
WITH new AS (
    INSERT INTO message
        (id, organization_id, contact_id, phone_number_id, direction, body, from_address,
         to_address, status, external_id, source, num_media, num_segments, created_at, sent_at,
         error_code, error_message, price, price_unit, position, stated_at)
    SELECT m.id, $1, m.contact_id, $2,
           CASE WHEN m.is_inbound THEN 'inbound' ELSE 'outbound' END,
           CASE WHEN m.has_body THEN m.body END, m.from_address, m.to_address, m.status, m.sid, $3,
           m.num_media, NULLIF(m.num_segments, -1), m.at, CASE WHEN m.was_sent THEN m.at END,
           NULLIF(m.error_code, 0), NULLIF(m.error_message, ''), NULLIF(m.price, ''),
           NULLIF(m.price_unit, ''), m.position, m.stated_at
    FROM unnest(
        $6::uuid[], $7::uuid[], $8::bool[], $9::bool[], $10::text[], $11::text[], $12::text[],
        $13::text[], $14::text[], $15::int[], $16::int[], $17::timestamptz[], $18::bool[],
        $19::int[], $20::text[], $21::text[], $22::text[], $24::bigint[], $25::text::timestamptz[])
        AS m (id, contact_id, is_inbound, has_body, body, from_address, to_address, status, sid,
              num_media, num_segments, at, was_sent, error_code, error_message, price, price_unit,
              position, stated_at)
    ON CONFLICT (organization_id, external_id) DO NOTHING
    RETURNING id, status, error_code, error_message, created_at
), audit AS (
    INSERT INTO message_event
        (organization_id, message_id, status, source, applied, error_code, error_message, payload,
         dedup_key, occurred_at, status_word)
    SELECT $1, new.id, new.status, $4, true, new.error_code, new.error_message, odd.payload, $4,
           new.created_at, nullif(odd.status, '')
    FROM new
    LEFT JOIN unnest($5::uuid[], $23::text[], $26::text[]) AS odd (id, payload, status)
        ON odd.id = new.id
)
SELECT id FROM new
";

#[derive(FromQueryResult)]
struct New {
    id: Uuid,
}

/// A message of a number's history, with what of Twilio's words could not be kept in it.
#[derive(Debug, Clone, Copy)]
pub struct HistoryRow<'a> {
    pub row: ResolvedMessage<'a>,
    pub odd: Option<&'a OddWords>,
}

/// Stores messages of one number's history that are not known yet, each with its row of the
/// delivery log, in one statement. Returns those that were new; one that is known stays as it is.
///
/// `sent_at` of a message is its time or nothing, and empty texts of errors and prices are none.
pub async fn import_messages_service<'a>(
    conn: &impl ConnectionTrait,
    organization: OrganizationId,
    number: PhoneNumberId,
    rows: &[HistoryRow<'a>],
) -> Result<Vec<ResolvedMessage<'a>>, DbErr> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let odd: Vec<(Uuid, &OddWords)> = rows
        .iter()
        .filter_map(|row| Some((row.row.id.0, row.odd?)))
        .collect();
    let odd_ids: Vec<Uuid> = odd.iter().map(|(id, _)| *id).collect();
    let text = |read: fn(&NewMessage) -> Option<&str>| -> Value {
        rows.iter()
            .map(|row| read(row.row.message).unwrap_or_default().to_owned())
            .collect::<Vec<String>>()
            .into()
    };
    let number_of = |read: fn(&NewMessage) -> i32| -> Value {
        rows.iter()
            .map(|row| read(row.row.message))
            .collect::<Vec<i32>>()
            .into()
    };
    let flag = |read: fn(&NewMessage) -> bool| -> Value {
        rows.iter()
            .map(|row| read(row.row.message))
            .collect::<Vec<bool>>()
            .into()
    };
    let ids: Vec<Uuid> = rows.iter().map(|row| row.row.id.0).collect();
    let contacts: Vec<Uuid> = rows.iter().map(|row| row.row.contact_id.0).collect();
    let times: Vec<DateTime<Utc>> = rows.iter().map(|row| row.row.message.at).collect();
    let values = [
        organization.0.into(),
        number.0.into(),
        MessageSource::Import.as_str().into(),
        LogSource::Import.as_str().into(),
        odd_ids.into(),
        ids.into(),
        contacts.into(),
        flag(|m| m.direction == MessageDirection::Inbound),
        flag(|m| m.body.is_some()),
        text(|m| m.body.as_deref()),
        text(|m| Some(&m.from_address)),
        text(|m| Some(&m.to_address)),
        text(|m| Some(m.status.as_str())),
        text(|m| Some(m.sid.as_str())),
        number_of(|m| m.num_media),
        number_of(|m| m.num_segments.unwrap_or(-1)),
        times.into(),
        flag(|m| m.details.sent_at.is_some()),
        number_of(|m| m.details.error_code.unwrap_or(0)),
        text(|m| m.details.error_message.as_deref()),
        text(|m| m.details.price.as_deref()),
        text(|m| m.details.price_unit.as_deref()),
        column(&odd, |(_, words)| words.json.clone()),
        rows.iter()
            .map(|row| row.row.message.position.0)
            .collect::<Vec<i64>>()
            .into(),
        nullable_column(rows, |row| row.row.message.stated_at),
        column(&odd, |(_, words)| words.status.clone().unwrap_or_default()),
    ];
    let new: HashSet<Uuid> = sql::rows::<New>(conn, IMPORT, values)
        .await?
        .into_iter()
        .map(|new| new.id)
        .collect();
    Ok(rows
        .iter()
        .map(|row| row.row)
        .filter(|row| new.contains(&row.id.0))
        .collect())
}
