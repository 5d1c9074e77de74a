//! Texts of customers, as a batch of events tells of them.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DbErr};

use super::event_batch::{Batch, Stored};
use crate::{
    bases::{
        ids::{MessageId, OrganizationId},
        realtime::{EventKind, RealtimeNotice},
    },
    entities::states::{LogSource, MessageDirection, MessageSource, MessageStatus},
    mods::{
        contact::services::{OptOutChange, record_opt_outs_service},
        messaging::{
            services::{
                HistoryDetails, LogEntry, NewMessage, RecordedMessage, StatusChange,
                advance_message_statuses, record_delivery_log_service, record_messages_service,
                request_message_fetches_service,
            },
            utils::StatusReport,
        },
        phone::services::OwnNumber,
        twilio::utils::{INBOUND_WEBHOOK_EVENT, InboundEvent},
    },
    twilio::MessageSid,
};

type NewMessages = HashMap<(OrganizationId, MessageSid), RecordedMessage>;

/// Records customers' texts as messages; returns notices for the new ones.
pub(super) async fn record_inbound(
    conn: &impl ConnectionTrait,
    batch: &Batch<'_>,
) -> Result<Vec<RealtimeNotice>, DbErr> {
    let messages: Vec<NewMessage> = batch
        .inbound_of_organizations()
        .map(|(stored, event, own)| new_message(stored, event, own))
        .collect();
    let new = record_messages_service(conn, &messages).await?;
    record_opt_outs_service(conn, &opt_outs(batch, &new)).await?;
    request_message_fetches_service(conn, &without_body(&messages, &new)).await?;
    log_inbound(conn, batch, &new).await?;
    Ok(new
        .into_iter()
        .map(|((organization, _), message)| {
            RealtimeNotice::new(organization, EventKind::MessageNew, message.id)
        })
        .collect())
}

fn new_message(stored: &Stored, event: &InboundEvent, own: OwnNumber) -> NewMessage {
    NewMessage {
        organization_id: own.organization_id,
        phone_number_id: own.phone_number_id,
        sid: event.message_sid.clone(),
        direction: MessageDirection::Inbound,
        from_address: event.from.clone(),
        to_address: event.to.clone(),
        body: event.body.clone(),
        also_to: event.also_to.clone(),
        status: MessageStatus::Received,
        source: MessageSource::Loquent,
        num_media: event.num_media,
        num_segments: event.num_segments,
        at: event.at,
        stated_at: event.stated_at,
        position: stored.position,
        contact_source: "inbound",
        details: HistoryDetails::default(),
    }
}

/// Every event goes into the delivery log of its message. The event that made a message has nothing
/// to add to it; another one of the same message may know more.
async fn log_inbound(
    conn: &impl ConnectionTrait,
    batch: &Batch<'_>,
    new: &NewMessages,
) -> Result<(), DbErr> {
    let news: Vec<StatusChange> = batch
        .inbound_of_organizations()
        .map(|(stored, event, own)| received(stored, event, own))
        .collect();
    let mut made = HashSet::new();
    let (mut log, mut others) = (Vec::with_capacity(news.len()), Vec::new());
    for news in &news {
        let key = news.sid.clone().map(|sid| (news.organization_id, sid));
        let message = key.as_ref().and_then(|key| new.get(key));
        match message.filter(|message| message.is_inserted && made.insert(message.id)) {
            Some(message) => log.push(LogEntry {
                message_id: message.id,
                applied: true,
                news,
            }),
            None => others.push(news),
        }
    }
    let advanced = advance_message_statuses(conn, others).await?;
    log.extend(advanced.into_iter().flatten());
    record_delivery_log_service(conn, &log).await
}

fn received(stored: &Stored, event: &InboundEvent, own: OwnNumber) -> StatusChange {
    let is_webhook = stored.event_type == INBOUND_WEBHOOK_EVENT;
    StatusChange {
        organization_id: own.organization_id,
        sid: Some(event.message_sid.clone()),
        message_id: None,
        news: StatusReport {
            status: MessageStatus::Received,
            error_code: None,
            error_message: None,
            at: event.at,
        },
        status_word: None,
        body: event.body.clone(),
        num_segments: event.num_segments,
        source: if is_webhook {
            LogSource::Callback
        } else {
            LogSource::EventStream
        },
        dedup_key: stored.event_id.clone(),
        payload: Some(stored.payload.clone()),
    }
}

fn opt_outs(batch: &Batch<'_>, new: &NewMessages) -> Vec<OptOutChange> {
    batch
        .inbound_of_organizations()
        .filter_map(|(_, event, own)| {
            let (keyword, evidence) = event.opt_out.clone()?;
            let key = (own.organization_id, event.message_sid.clone());
            Some(OptOutChange {
                organization_id: own.organization_id,
                phone: event.from.clone(),
                sender: event.to.clone(),
                at: event.at,
                keyword,
                evidence,
                message_id: new.get(&key).map(|message| message.id),
                message_sid: Some(key.1.to_string()),
            })
        })
        .collect()
}

/// Queues new messages whose event had no text.
fn without_body(messages: &[NewMessage], new: &NewMessages) -> Vec<(OrganizationId, MessageId)> {
    messages
        .iter()
        .filter(|message| message.body.is_none())
        .filter_map(|message| {
            let new = new.get(&(message.organization_id, message.sid.clone()))?;
            Some((message.organization_id, new.id))
        })
        .collect()
}
