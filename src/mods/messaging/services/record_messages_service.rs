use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr};

use super::{
    FirstLogEntry, MessageInsert, NewMessage, ResolvedMessage, RollUp, insert_attachments_service,
    insert_messages_service, roll_up_conversations_service, take_over_imported::take_over_imported,
};
use crate::{
    bases::ids::{MessageId, OrganizationId},
    mods::{
        contact::services::{UnresolvedContact, resolve_contacts_service},
        messaging::utils::{is_blank_util, preview_util},
    },
    twilio::MessageSid,
};

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
    let mut new = insert_messages(conn, rows.clone(), None).await?;
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

/// The second step of [`record_messages_service`]: returns only those that were new, each with a
/// first entry of the delivery log if wanted.
pub async fn insert_messages<'a>(
    conn: &impl ConnectionTrait,
    mut rows: Vec<ResolvedMessage<'a>>,
    log: Option<FirstLogEntry<'_>>,
) -> Result<Vec<ResolvedMessage<'a>>, DbErr> {
    let of_table: Vec<MessageInsert<'_>> = rows.iter().map(MessageInsert::from).collect();
    let inserted = insert_messages_service(conn, &of_table, log).await?;
    rows.retain(|row| inserted.contains(&row.id));
    Ok(rows)
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
