//! Messages that were sent from elsewhere: their first status reveals them.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::event_batch::{Batch, OwnStatus, Stored};
use crate::{
    bases::{
        ids::{MessageId, OrganizationId},
        sql,
    },
    entities::states::{MessageDirection, MessageSource, MessageStatus},
    mods::{
        messaging::services::{
            HistoryDetails, NewMessage, is_sid_known, record_messages_service,
            request_message_fetches_service,
        },
        twilio::utils::StatusEvent,
    },
};

/// Records those that the batch tells of and nobody knows yet.
pub(super) async fn record_external_messages(
    conn: &impl ConnectionTrait,
    batch: &Batch<'_>,
) -> Result<HashSet<MessageId>, DbErr> {
    let known = find_known(conn, batch).await?;
    let mut earliest: HashMap<(OrganizationId, &str), NewMessage> = HashMap::new();
    for (stored, event, own) in batch.statuses_of_organizations() {
        let key = (own.number.organization_id, event.message_sid.as_str());
        let is_known = known.contains(&(key.0, key.1.to_owned()));
        if is_known || event.callback.is_some() {
            continue;
        }
        let message = earliest
            .entry(key)
            .or_insert_with(|| external(stored, event, own));
        message.position = message.position.min(stored.position);
        message.at = message.at.min(event.at);
        message.body = message.body.take().or_else(|| event.body.clone());
    }
    let messages = Vec::from_iter(earliest.into_values());
    let new = record_messages_service(conn, &messages).await?;
    // Also those with a text, since files, price and times are in no event.
    let unread: Vec<_> = new.iter().map(|((of, _), new)| (*of, new.id)).collect();
    request_message_fetches_service(conn, &unread).await?;
    Ok(new.into_values().map(|new| new.id).collect())
}

fn external(stored: &Stored, event: &StatusEvent, own: OwnStatus) -> NewMessage {
    NewMessage {
        organization_id: own.number.organization_id,
        phone_number_id: own.number.phone_number_id,
        sid: event.message_sid.clone(),
        direction: own.direction,
        from_address: event.from.clone(),
        to_address: event.to.clone(),
        body: event.body.clone(),
        also_to: Vec::new(),
        status: match own.direction {
            MessageDirection::Outbound => MessageStatus::Queued,
            MessageDirection::Inbound => MessageStatus::Received,
        },
        source: MessageSource::External,
        num_media: 0,
        num_segments: event.num_segments,
        at: event.at,
        stated_at: event.stated_at,
        position: stored.position,
        contact_source: "external",
        details: HistoryDetails::default(),
    }
}

#[derive(FromQueryResult)]
struct Known {
    organization_id: OrganizationId,
    sid: String,
}

fn known_sids() -> String {
    format!(
        "SELECT s.organization_id, s.sid
         FROM unnest($1::uuid[], $2::text[]) AS s (organization_id, sid) WHERE {}",
        is_sid_known("s.organization_id", "s.sid")
    )
}

async fn find_known(
    conn: &impl ConnectionTrait,
    batch: &Batch<'_>,
) -> Result<HashSet<(OrganizationId, String)>, DbErr> {
    let statuses = || batch.statuses_of_organizations();
    let organizations: Vec<OrganizationId> = statuses()
        .map(|(_, _, own)| own.number.organization_id)
        .collect();
    let sids: Vec<String> = statuses()
        .map(|(_, event, _)| event.message_sid.to_string())
        .collect();
    if sids.is_empty() {
        return Ok(HashSet::new());
    }
    let values = [organizations.into(), sids.into()];
    let known = sql::rows::<Known>(conn, known_sids(), values).await?;
    Ok(known
        .into_iter()
        .map(|row| (row.organization_id, row.sid))
        .collect())
}
