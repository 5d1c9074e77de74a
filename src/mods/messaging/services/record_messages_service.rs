use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};
use uuid::Uuid;

use super::{RollUp, roll_up_conversations_service};
use crate::{
    bases::{
        ids::{ContactId, MessageId, OrganizationId, PhoneNumberId},
        sql::nullable_array,
    },
    mods::{
        contact::services::{UnresolvedContact, resolve_contacts_service},
        messaging::{
            types::{MessageDirection, MessageSource, MessageStatus},
            utils::preview_util,
        },
        twilio::types::MessageSid,
    },
};

/// A message that Twilio told us of, and that may be new to us.
#[derive(Debug, Clone)]
pub struct NewMessage {
    pub organization_id: OrganizationId,
    pub phone_number_id: PhoneNumberId,
    /// Twilio's SID.
    pub sid: MessageSid,
    pub direction: MessageDirection,
    pub from_address: String,
    pub to_address: String,
    pub body: Option<String>,
    pub status: MessageStatus,
    pub source: MessageSource,
    pub num_media: i32,
    pub num_segments: Option<i32>,
    pub at: DateTime<Utc>,
    /// `contact.source` of a contact that has to be made.
    pub contact_source: &'static str,
}

impl NewMessage {
    fn customer(&self) -> &str {
        match self.direction {
            MessageDirection::Inbound => &self.from_address,
            MessageDirection::Outbound => &self.to_address,
        }
    }
}

#[derive(FromQueryResult)]
struct Inserted {
    organization_id: Uuid,
    external_id: String,
}

const INSERT: &str = "
INSERT INTO message
    (id, organization_id, contact_id, phone_number_id, direction, body, from_address, to_address,
     status, external_id, source, num_media, num_segments, created_at)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text::text[], $7::text[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::int[], $13::text::int[],
    $14::timestamptz[])
ON CONFLICT (organization_id, external_id) DO NOTHING
RETURNING organization_id, external_id
";

/// Stores the messages that are not known yet, with their contacts, and rolls their
/// conversations up. Set-based: five statements, whatever the number of messages.
///
/// Gives the ids of the new ones by organization and SID; one that was known already stays as it
/// is and is left out.
pub async fn record_messages_service(
    conn: &impl ConnectionTrait,
    messages: &[NewMessage],
) -> Result<HashMap<(OrganizationId, MessageSid), MessageId>, DbErr> {
    let mut seen = HashSet::new();
    let distinct: Vec<&NewMessage> = messages
        .iter()
        .filter(|m| seen.insert((m.organization_id, m.sid.as_str())))
        .collect();
    if distinct.is_empty() {
        return Ok(HashMap::new());
    }
    let contacts = resolve_contacts_service(conn, &unresolved(&distinct)).await?;
    let rows: Vec<(MessageId, ContactId, &NewMessage)> = distinct
        .into_iter()
        .filter_map(|m| {
            let contact = contacts.get(&(m.organization_id, m.customer().to_owned()))?;
            Some((MessageId::new(), *contact, m))
        })
        .collect();
    let inserted = insert(conn, &rows).await?;
    let is_new =
        |m: &NewMessage| inserted.contains(&(m.organization_id, m.sid.as_str().to_owned()));
    let new: Vec<_> = rows.into_iter().filter(|(_, _, m)| is_new(m)).collect();
    let roll_ups: Vec<RollUp> = new
        .iter()
        .map(|(id, contact, m)| roll_up(*id, *contact, m))
        .collect();
    roll_up_conversations_service(conn, &roll_ups).await?;
    Ok(new
        .into_iter()
        .map(|(id, _, m)| ((m.organization_id, m.sid.clone()), id))
        .collect())
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
    rows: &[(MessageId, ContactId, &NewMessage)],
) -> Result<HashSet<(OrganizationId, String)>, DbErr> {
    macro_rules! column {
        ($row:pat => $value:expr) => {
            rows.iter().map(|$row| $value).collect::<Vec<_>>().into()
        };
    }
    let insert = Statement::from_sql_and_values(
        conn.get_database_backend(),
        INSERT,
        [
            column!((id, _, _) => id.0),
            column!((_, _, m) => m.organization_id.0),
            column!((_, contact, _) => contact.0),
            column!((_, _, m) => m.phone_number_id.0),
            column!((_, _, m) => m.direction.as_str().to_owned()),
            nullable_array(rows.iter().map(|(_, _, m)| m.body.clone())),
            column!((_, _, m) => m.from_address.clone()),
            column!((_, _, m) => m.to_address.clone()),
            column!((_, _, m) => m.status.as_str().to_owned()),
            column!((_, _, m) => m.sid.as_str().to_owned()),
            column!((_, _, m) => m.source.as_str().to_owned()),
            column!((_, _, m) => m.num_media),
            nullable_array(rows.iter().map(|(_, _, m)| m.num_segments)),
            column!((_, _, m) => m.at),
        ],
    );
    let inserted = Inserted::find_by_statement(insert).all(conn).await?;
    Ok(inserted
        .into_iter()
        .map(|row| (OrganizationId(row.organization_id), row.external_id))
        .collect())
}

fn roll_up(id: MessageId, contact: ContactId, message: &NewMessage) -> RollUp {
    RollUp {
        organization_id: message.organization_id,
        contact_id: contact,
        message_id: id,
        at: message.at,
        preview: message
            .body
            .as_deref()
            .map(preview_util)
            .filter(|preview| !preview.is_empty()),
        unread: message.direction == MessageDirection::Inbound
            && message.source == MessageSource::Loquent,
    }
}
