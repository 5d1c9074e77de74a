use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::{
    NewMessage, ResolvedMessage, RollUp, insert_attachments_service, roll_up_conversations_service,
    take_over_imported::take_over_imported,
};
use crate::{
    bases::{
        ids::{MessageId, OrganizationId},
        sql::{self, column, nullable_column},
    },
    mods::{
        contact::services::{UnresolvedContact, resolve_contacts_service},
        messaging::utils::{is_blank_util, preview_util},
    },
    twilio::MessageSid,
};

#[derive(FromQueryResult)]
struct Inserted {
    id: Uuid,
}

const INSERT: &str = "
INSERT INTO message
    (id, organization_id, contact_id, phone_number_id, direction, body, from_address, to_address,
     status, external_id, source, num_media, num_segments, created_at, error_code, error_message,
     price, price_unit, sent_at, position, stated_at, also_to)
SELECT id, organization_id, contact_id, phone_number_id, direction, body, from_address, to_address,
       status, external_id, source, num_media, num_segments, created_at, error_code, error_message,
       price, price_unit, sent_at, position, stated_at, string_to_array(also_to, ' ')
FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text::text[], $7::text[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::int[], $13::text::int[],
    $14::timestamptz[], $15::text::int[], $16::text::text[], $17::text::text[],
    $18::text::text[], $19::text::timestamptz[], $20::bigint[], $21::text::timestamptz[],
    $22::text::text[])
    AS m (id, organization_id, contact_id, phone_number_id, direction, body, from_address,
          to_address, status, external_id, source, num_media, num_segments, created_at, error_code,
          error_message, price, price_unit, sent_at, position, stated_at, also_to)
ON CONFLICT (organization_id, external_id) DO NOTHING
RETURNING id
";

/// A message that is news.
#[derive(Debug, Clone, Copy)]
pub struct RecordedMessage {
    pub id: MessageId,
    /// It is as it was to be stored. An import has brought one that is not.
    pub is_inserted: bool,
}

/// Stores the messages that are not known yet, with their contacts, and rolls their
/// conversations up. Set-based: seven statements, whatever the number of messages.
///
/// Returns the new ones by organization and SID; known ones stay as they are and are left out. A
/// customer's text that an import stored before its event came counts as new, too.
pub async fn record_messages_service(
    conn: &impl ConnectionTrait,
    messages: &[NewMessage],
) -> Result<HashMap<(OrganizationId, MessageSid), RecordedMessage>, DbErr> {
    let rows = resolve_message_contacts(conn, messages).await?;
    let mut new = insert_messages(conn, rows.clone()).await?;
    insert_attachments_service(conn, &new).await?;
    let inserted: HashSet<MessageId> = new.iter().map(|row| row.id).collect();
    let known = rows.iter().filter(|row| !inserted.contains(&row.id));
    let received = known.filter(|row| row.message.is_news()).copied().collect();
    new.extend(take_over_imported(conn, received).await?);
    roll_up_messages(conn, &new).await?;
    let recorded = new.into_iter().map(|row| {
        let (message, id) = (row.message, row.id);
        let is_inserted = inserted.contains(&id);
        let recorded = RecordedMessage { id, is_inserted };
        ((message.organization_id, message.sid.clone()), recorded)
    });
    Ok(recorded.collect())
}

/// The first step of [`record_messages_service`]: a contact for each message, made where there is
/// none. A SID that occurs twice is left out the second time.
///
/// In the order of the SIDs, so that two who store the same messages (events tell the oldest first,
/// Twilio's list the newest) do not deadlock.
pub async fn resolve_message_contacts<'a>(
    conn: &impl ConnectionTrait,
    messages: impl IntoIterator<Item = &'a NewMessage>,
) -> Result<Vec<ResolvedMessage<'a>>, DbErr> {
    let mut seen = HashSet::new();
    let distinct: Vec<&NewMessage> = messages
        .into_iter()
        .filter(|m| seen.insert((m.organization_id, m.sid.as_str())))
        .collect();
    let contacts = resolve_contacts_service(conn, &unresolved(&distinct)).await?;
    let mut rows: Vec<ResolvedMessage<'_>> = distinct
        .into_iter()
        .filter_map(|message| {
            let contact =
                contacts.get(&(message.organization_id, message.customer().to_owned()))?;
            Some(ResolvedMessage {
                id: MessageId::new(),
                contact_id: *contact,
                message,
            })
        })
        .collect();
    rows.sort_by_key(|row| (row.message.organization_id, row.message.sid.as_str()));
    Ok(rows)
}

/// The second step of [`record_messages_service`]: returns only those that were new.
pub async fn insert_messages<'a>(
    conn: &impl ConnectionTrait,
    rows: Vec<ResolvedMessage<'a>>,
) -> Result<Vec<ResolvedMessage<'a>>, DbErr> {
    if rows.is_empty() {
        return Ok(rows);
    }
    let inserted = insert(conn, &rows).await?;
    Ok(rows
        .into_iter()
        .filter(|row| inserted.contains(&row.id.0))
        .collect())
}

/// The last step of [`record_messages_service`]: conversations and `last_contacted_at`.
pub async fn roll_up_messages(
    conn: &impl ConnectionTrait,
    rows: &[ResolvedMessage<'_>],
) -> Result<(), DbErr> {
    let roll_ups: Vec<RollUp> = rows.iter().map(roll_up).collect();
    roll_up_conversations_service(conn, &roll_ups).await
}

fn unresolved(messages: &[&NewMessage]) -> Vec<UnresolvedContact> {
    messages
        .iter()
        .map(|m| UnresolvedContact {
            organization_id: m.organization_id,
            phone: m.customer().to_owned(),
            source: m.contact_source,
            at: m.at,
        })
        .collect()
}

async fn insert(
    conn: &impl ConnectionTrait,
    rows: &[ResolvedMessage<'_>],
) -> Result<HashSet<Uuid>, DbErr> {
    let inserted = sql::rows::<Inserted>(
        conn,
        INSERT,
        [
            column(rows, |row| row.id.0),
            column(rows, |row| row.message.organization_id.0),
            column(rows, |row| row.contact_id.0),
            column(rows, |row| row.message.phone_number_id.0),
            column(rows, |row| row.message.direction.as_str().to_owned()),
            nullable_column(rows, |row| row.message.body.as_deref()),
            column(rows, |row| row.message.from_address.clone()),
            column(rows, |row| row.message.to_address.clone()),
            column(rows, |row| row.message.status.as_str().to_owned()),
            column(rows, |row| row.message.sid.as_str().to_owned()),
            column(rows, |row| row.message.source.as_str().to_owned()),
            column(rows, |row| row.message.num_media),
            nullable_column(rows, |row| row.message.num_segments),
            column(rows, |row| row.message.at),
            nullable_column(rows, |row| row.message.details.error_code),
            nullable_column(rows, |row| row.message.details.error_message.as_deref()),
            nullable_column(rows, |row| row.message.details.price.as_deref()),
            nullable_column(rows, |row| row.message.details.price_unit.as_deref()),
            nullable_column(rows, |row| row.message.details.sent_at),
            column(rows, |row| row.message.position.0),
            nullable_column(rows, |row| row.message.stated_at),
            nullable_column(rows, |row| {
                let others = &row.message.also_to;
                (!others.is_empty()).then(|| others.join(" "))
            }),
        ],
    )
    .await?;
    Ok(inserted.into_iter().map(|row| row.id).collect())
}

fn roll_up(row: &ResolvedMessage<'_>) -> RollUp {
    let message = row.message;
    RollUp {
        organization_id: message.organization_id,
        contact_id: row.contact_id,
        message_id: row.id,
        at: message.at,
        position: message.position,
        preview: message
            .body
            .as_deref()
            .map(preview_util)
            .filter(|preview| !is_blank_util(preview)),
        unread: message.is_news(),
    }
}
