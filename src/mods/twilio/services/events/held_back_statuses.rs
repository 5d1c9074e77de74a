//! Statuses that may be about a send of ours that is under way.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::event_batch::{Batch, Outcome, OwnStatus};
use crate::{
    bases::{
        ids::TwilioEventId,
        sql::{self, column},
    },
    mods::{messaging::services::is_sid_unknown, twilio::utils::StatusEvent},
};

/// Four times the 15 s our call to Twilio may take; then the status is handled without waiting.
const WAIT_AT_MOST: TimeDelta = TimeDelta::seconds(60);

impl Batch<'_> {
    /// A status of an unknown SID, while a send of ours to the same pair has no SID yet, may be
    /// about that send: it waits for Twilio's answer instead of becoming a message from elsewhere.
    pub(super) async fn hold_back_sends_under_way(
        &mut self,
        conn: &impl ConnectionTrait,
        now: DateTime<Utc>,
    ) -> Result<(), DbErr> {
        let candidates: Vec<_> = self
            .statuses
            .iter()
            .filter(|(stored, event, _)| {
                event.callback.is_none() && now - stored.received_at < WAIT_AT_MOST
            })
            .filter_map(|(stored, event, own)| Some((stored.id, event, (*own)?)))
            .collect();
        let waiting = find_held_back(conn, &candidates).await?;
        for id in waiting {
            self.outcomes.insert(id, Outcome::Waits);
        }
        Ok(())
    }
}

#[derive(FromQueryResult)]
struct Waiting {
    event: TwilioEventId,
}

fn may_be_of_a_send_under_way() -> String {
    format!(
        "SELECT s.event
         FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[])
             AS s (event, organization_id, sid, from_address, to_address)
         WHERE EXISTS (
             SELECT 1 FROM message m
             WHERE m.organization_id = s.organization_id AND m.to_address = s.to_address
               AND m.from_address = s.from_address AND m.external_id IS NULL
               AND m.status = 'queued' AND m.send_started_at IS NOT NULL)
           AND {}",
        is_sid_unknown("s.organization_id", "s.sid")
    )
}

async fn find_held_back(
    conn: &impl ConnectionTrait,
    candidates: &[(TwilioEventId, &StatusEvent, OwnStatus)],
) -> Result<Vec<TwilioEventId>, DbErr> {
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    Ok(sql::rows::<Waiting>(
        conn,
        may_be_of_a_send_under_way(),
        [
            column(candidates, |(id, _, _)| *id),
            column(candidates, |(_, _, own)| own.number.organization_id),
            column(candidates, |(_, event, _)| event.message_sid.to_string()),
            column(candidates, |(_, event, _)| event.from.clone()),
            column(candidates, |(_, event, _)| event.to.clone()),
        ],
    )
    .await?
    .into_iter()
    .map(|row| row.event)
    .collect())
}
