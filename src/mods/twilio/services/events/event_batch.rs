//! The stored events of one transaction, understood and assigned to organizations.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::{
    bases::{
        ids::{MessageId, OrganizationId},
        sql::{self, column},
    },
    mods::{
        messaging::types::MessageDirection,
        phone::services::OwnNumber,
        twilio::utils::{InboundEvent, ParsedEvent, StatusEvent, parse_twilio_event_util},
    },
};

/// Four times the 15 s our call to Twilio may take; then the status is handled without waiting.
const WAIT_AT_MOST: TimeDelta = TimeDelta::seconds(60);

#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct Stored {
    pub(super) id: i64,
    pub(super) account_sid: String,
    pub(super) event_id: String,
    pub(super) event_type: String,
    pub(super) payload: String,
    pub(super) attempts: i32,
    pub(super) received_at: DateTime<Utc>,
    /// Its place in the order of arrival.
    pub(super) position: i64,
}

/// How one event ended.
pub(super) enum Outcome {
    Processed,
    /// The same, with something that somebody may want to know.
    Noted(String),
    /// Not for us, with the reason.
    Ignored(String),
    /// Cannot ever be processed, with the reason.
    Parked(String),
    /// Has to wait for a send that is under way.
    Waits,
}

/// The events of a transaction, sorted by what they ask for.
pub(super) struct Batch<'a> {
    pub(super) inbound: Vec<(&'a Stored, InboundEvent, Option<OwnNumber>)>,
    pub(super) statuses: Vec<(&'a Stored, StatusEvent, Option<OwnStatus>)>,
    pub(super) outcomes: HashMap<i64, Outcome>,
}

/// Whose message a status is about, and which way it goes.
#[derive(Clone, Copy)]
pub(super) struct OwnStatus {
    pub(super) number: OwnNumber,
    pub(super) direction: MessageDirection,
}

impl<'a> Batch<'a> {
    pub(super) fn parse(events: &'a [Stored]) -> Self {
        let mut batch = Self {
            inbound: Vec::new(),
            statuses: Vec::new(),
            outcomes: HashMap::new(),
        };
        for stored in events {
            match parse_twilio_event_util(&stored.event_type, &stored.payload, stored.received_at) {
                Ok(ParsedEvent::Inbound(event)) => {
                    batch.note_cut(stored, event.is_cut);
                    batch.inbound.push((stored, event, None));
                }
                Ok(ParsedEvent::Status(event)) => {
                    batch.note_cut(stored, event.is_cut);
                    batch.statuses.push((stored, event, None));
                }
                Ok(ParsedEvent::Other) => {
                    batch.outcomes.insert(
                        stored.id,
                        Outcome::Ignored("not a message event".to_owned()),
                    );
                }
                Err(error) => {
                    batch
                        .outcomes
                        .insert(stored.id, Outcome::Parked(error.to_string()));
                }
            }
        }
        batch
    }

    fn note_cut(&mut self, stored: &Stored, is_cut: bool) {
        if is_cut {
            let note = "its text is longer than a text can be; the end of it is only here";
            self.outcomes
                .insert(stored.id, Outcome::Noted(note.to_owned()));
        }
    }

    pub(super) fn addresses(&self) -> Vec<String> {
        let inbound = self.inbound.iter().map(|(_, event, _)| event.to.clone());
        let statuses = self
            .statuses
            .iter()
            .flat_map(|(_, event, _)| [event.from.clone(), event.to.clone()]);
        BTreeSet::from_iter(inbound.chain(statuses))
            .into_iter()
            .collect()
    }

    /// A status of a message of ours goes to its organization; else it goes to the owner of `from`,
    /// else of `to`. Inbound goes to the owner of `to`. News of the time of a number's former owner
    /// goes to nobody.
    pub(super) fn assign_organizations(
        &mut self,
        numbers: &HashMap<(String, String), OwnNumber>,
        own_messages: &HashMap<i64, OwnNumber>,
    ) {
        let owner = |stored: &Stored, address: &str, at: DateTime<Utc>| {
            numbers
                .get(&(stored.account_sid.clone(), address.to_owned()))
                .copied()
                .filter(|own| own.since.is_none_or(|since| at > since))
        };
        for (stored, event, own) in &mut self.inbound {
            *own = owner(stored, &event.to, event.at);
        }
        for (stored, event, own) in &mut self.statuses {
            let sent = own_messages.get(&stored.id).copied();
            let outbound = sent
                .or_else(|| owner(stored, &event.from, event.at))
                .map(|number| (number, MessageDirection::Outbound));
            let inbound = || {
                owner(stored, &event.to, event.at).map(|number| (number, MessageDirection::Inbound))
            };
            *own = outbound
                .or_else(inbound)
                .map(|(number, direction)| OwnStatus { number, direction });
        }
        let inbound = self
            .inbound
            .iter()
            .map(|(stored, _, own)| (stored.id, own.is_none()));
        let statuses = self
            .statuses
            .iter()
            .map(|(stored, _, own)| (stored.id, own.is_none()));
        let unknown = inbound
            .chain(statuses)
            .filter(|(_, is_unknown)| *is_unknown);
        for (id, _) in Vec::from_iter(unknown) {
            let reason = "no organization has imported the number".to_owned();
            self.outcomes.insert(id, Outcome::Ignored(reason));
        }
    }

    /// A callback URL that names a message we do not have is not ours: another Loquent may be on
    /// the same Twilio account.
    pub(super) async fn forget_foreign_callbacks(
        &mut self,
        conn: &impl ConnectionTrait,
    ) -> Result<(), DbErr> {
        let ours = find_own_callbacks(conn, self.statuses_of_organizations()).await?;
        for (_, event, own) in &mut self.statuses {
            let organization = own.map(|own| own.number.organization_id);
            event.callback = event.callback.filter(|callback| {
                organization.is_some_and(|id| ours.contains(&(id, callback.message_id)))
            });
        }
        Ok(())
    }

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
        let waiting = find_under_way(conn, &candidates).await?;
        for id in waiting {
            self.outcomes.insert(id, Outcome::Waits);
        }
        Ok(())
    }

    /// The numbers that the events are of.
    pub(super) fn numbers(&self) -> impl Iterator<Item = OwnNumber> {
        let inbound = self.inbound.iter().filter_map(|(_, _, own)| *own);
        let statuses = self.statuses.iter().filter_map(|(_, _, own)| *own);
        inbound.chain(statuses.map(|own| own.number))
    }

    pub(super) fn inbound_of_organizations(
        &self,
    ) -> impl Iterator<Item = (&'a Stored, &InboundEvent, OwnNumber)> {
        self.inbound
            .iter()
            .filter_map(|(stored, event, own)| Some((*stored, event, (*own)?)))
    }

    pub(super) fn statuses_of_organizations(
        &self,
    ) -> impl Iterator<Item = (&'a Stored, &StatusEvent, OwnStatus)> {
        self.statuses
            .iter()
            .filter(|(stored, _, _)| !matches!(self.outcomes.get(&stored.id), Some(Outcome::Waits)))
            .filter_map(|(stored, event, own)| Some((*stored, event, (*own)?)))
    }
}

#[derive(FromQueryResult)]
struct Waiting {
    event: i64,
}

const UNDER_WAY: &str = "
SELECT s.event
FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[])
    AS s (event, organization_id, sid, from_address, to_address)
WHERE EXISTS (
        SELECT 1 FROM message m
        WHERE m.organization_id = s.organization_id AND m.to_address = s.to_address
          AND m.from_address = s.from_address AND m.external_id IS NULL AND m.status = 'queued'
          AND m.send_started_at IS NOT NULL)
  AND NOT EXISTS (
        SELECT 1 FROM message m
        WHERE m.organization_id = s.organization_id AND m.external_id = s.sid)
  AND NOT EXISTS (
        SELECT 1 FROM message_attempt a
        WHERE a.organization_id = s.organization_id AND a.external_id = s.sid)
";

async fn find_under_way(
    conn: &impl ConnectionTrait,
    candidates: &[(i64, &StatusEvent, OwnStatus)],
) -> Result<Vec<i64>, DbErr> {
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    Ok(sql::rows::<Waiting>(
        conn,
        UNDER_WAY,
        [
            column(candidates, |(id, _, _)| *id),
            column(candidates, |(_, _, own)| own.number.organization_id.0),
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

#[derive(FromQueryResult)]
struct OwnMessage {
    organization_id: Uuid,
    id: Uuid,
}

const OWN_MESSAGES: &str = "
SELECT m.organization_id, m.id
FROM unnest($1::uuid[], $2::uuid[]) AS s (organization_id, id)
JOIN message m ON m.organization_id = s.organization_id AND m.id = s.id
";

async fn find_own_callbacks<'a>(
    conn: &impl ConnectionTrait,
    statuses: impl Iterator<Item = (&'a Stored, &'a StatusEvent, OwnStatus)>,
) -> Result<HashSet<(OrganizationId, MessageId)>, DbErr> {
    let (organizations, ids): (Vec<Uuid>, Vec<Uuid>) = statuses
        .filter_map(|(_, event, own)| {
            let callback = event.callback?;
            Some((own.number.organization_id.0, callback.message_id.0))
        })
        .unzip();
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let found =
        sql::rows::<OwnMessage>(conn, OWN_MESSAGES, [organizations.into(), ids.into()]).await?;
    Ok(found
        .into_iter()
        .map(|row| (OrganizationId(row.organization_id), MessageId(row.id)))
        .collect())
}
