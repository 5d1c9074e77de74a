//! Statuses, as a batch of events tells of them.

use std::collections::{BTreeSet, HashSet};

use sea_orm::{ConnectionTrait, DbErr};

use super::event_batch::{Batch, OwnStatus, Stored};
use crate::{
    bases::{
        ids::{MessageId, OrganizationId},
        realtime::{EventKind, RealtimeNotice},
    },
    entities::states::{LogSource, MessageDirection},
    mods::{
        contact::{
            services::{OptOutChange, record_opt_outs_service},
            types::{OPTED_OUT_ERROR, OptOutEvidence, OptOutKeyword},
        },
        delivery::utils::STATUS_CALLBACK_EVENT,
        messaging::{
            services::{StatusChange, update_message_statuses_service},
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
            RealtimeNotice::new(
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
