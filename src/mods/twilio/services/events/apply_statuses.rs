//! Statuses, as a batch of events tells of them.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::event_batch::{Batch, OwnStatus, Stored};
use crate::{
    bases::{
        ids::{MessageId, OrganizationId},
        realtime::{EventKind, RealtimeNotice},
        sql,
    },
    entities::states::{LogSource, MessageDirection, MessageSource, MessageStatus},
    mods::{
        contact::{
            services::{OptOutChange, record_opt_outs_service},
            types::{OPTED_OUT_ERROR, OptOutEvidence, OptOutKeyword},
        },
        delivery::utils::STATUS_CALLBACK_EVENT,
        messaging::{
            services::{
                HistoryDetails, NewMessage, StatusChange, is_sid_known, record_messages_service,
                request_message_fetches_service, update_message_statuses_service,
            },
            utils::StatusReport,
        },
        twilio::utils::StatusEvent,
    },
};

/// Twilio refused a text because the customer had opted out by then.
fn refused_opt_outs(batch: &Batch<'_>) -> Vec<OptOutChange> {
    batch
        .statuses_of_organizations()
        .filter(|(_, event, own)| {
            event.error_code == Some(OPTED_OUT_ERROR) && own.direction == MessageDirection::Outbound
        })
        .map(|(_, event, own)| OptOutChange {
            organization_id: own.number.organization_id,
            phone: event.to.clone(),
            sender: event.from.clone(),
            at: event.at,
            keyword: OptOutKeyword::Stop,
            evidence: OptOutEvidence::ErrorCode(OPTED_OUT_ERROR),
            message_sid: Some(event.message_sid.to_string()),
            message_id: event.callback.map(|callback| callback.message_id),
        })
        .collect()
}

/// Records messages that were sent from elsewhere: their first status reveals them.
pub(super) async fn record_external(
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

/// Advances messages, and returns notices for browsers.
pub(super) async fn apply_statuses(
    conn: &impl ConnectionTrait,
    batch: &Batch<'_>,
    new_external: &HashSet<MessageId>,
) -> Result<Vec<RealtimeNotice>, DbErr> {
    let changes: Vec<StatusChange> = batch
        .statuses_of_organizations()
        .map(|(stored, event, own)| status_change(stored, event, own))
        .collect();
    let found = update_message_statuses_service(conn, &changes).await?;
    record_opt_outs_service(conn, &refused_opt_outs(batch)).await?;
    let touched: BTreeSet<(OrganizationId, MessageId)> = changes
        .iter()
        .zip(found)
        .filter_map(|(change, id)| Some((change.organization_id, id?)))
        .collect();
    Ok(touched
        .into_iter()
        .map(|(organization, id)| {
            let is_new = new_external.contains(&id);
            notice(
                organization,
                if is_new {
                    EventKind::MessageNew
                } else {
                    EventKind::MessageStatus
                },
                id,
            )
        })
        .collect())
}

fn status_change(stored: &Stored, event: &StatusEvent, own: OwnStatus) -> StatusChange {
    let is_callback = stored.event_type == STATUS_CALLBACK_EVENT;
    StatusChange {
        organization_id: own.number.organization_id,
        sid: Some(event.message_sid.clone()),
        message_id: event.callback.map(|callback| callback.message_id),
        news: StatusReport {
            status: event.status,
            error_code: event.error_code,
            error_message: event.error_message.clone(),
            at: event.at,
        },
        status_word: event.status_word.clone(),
        body: event.body.clone(),
        num_segments: event.num_segments,
        source: if is_callback {
            LogSource::Callback
        } else {
            LogSource::EventStream
        },
        dedup_key: stored.event_id.clone(),
        payload: Some(stored.payload.clone()),
    }
}

fn notice(organization_id: OrganizationId, kind: EventKind, id: MessageId) -> RealtimeNotice {
    RealtimeNotice::new(organization_id, kind, id)
}
