use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult, Statement, TransactionTrait};
use uuid::Uuid;

use super::{OwnNumber, resolve_event_numbers_service};
use crate::{
    bases::{
        error::AppError,
        ids::{MessageId, OrganizationId},
        realtime::{EVT_MESSAGE_NEW, EVT_MESSAGE_STATUS, RealtimeNotice, publish_realtime},
        sql::nullable_array,
    },
    mods::{
        messaging::{
            services::{
                NewMessage, NewsSource, StatusChange, record_messages_service,
                update_message_statuses_service,
            },
            types::{MessageDirection, MessageSource, MessageStatus},
            utils::DeliveryNews,
        },
        twilio::utils::{
            InboundEvent, ParsedEvent, STATUS_CALLBACK_EVENT, StatusEvent, parse_twilio_event_util,
        },
    },
};

/// Events in one transaction: enough to make statements cheap, few enough to commit quickly.
const BATCH: i64 = 500;
/// An event that failed this often is put aside with its error.
const MAX_ATTEMPTS: i32 = 8;
/// A status that arrives before the answer to our own call waits this long before it is looked
/// at again, and at most [`MAX_WAITS`] times.
const WAIT_FOR_SEND: TimeDelta = TimeDelta::milliseconds(400);
const MAX_WAITS: i32 = 150;

/// What a call did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processed {
    /// So many events were worked off; there may be more.
    Events(usize),
    /// There was nothing to do.
    Nothing,
}

#[derive(Debug, Clone, FromQueryResult)]
struct Stored {
    id: i64,
    account_sid: String,
    event_id: String,
    event_type: String,
    payload: String,
    attempts: i32,
    received_at: DateTime<Utc>,
}

// SKIP LOCKED: several nodes work side by side, each on its own events.
const CLAIM: &str = "
SELECT id, account_sid, event_id, event_type, payload, attempts, received_at
FROM twilio_event
WHERE state = 'pending' AND next_attempt_at <= $1
ORDER BY id LIMIT $2
FOR UPDATE SKIP LOCKED
";

const FINISH: &str = "
UPDATE twilio_event e
SET state = f.state, last_error = f.error, processed_at = $4, attempts = attempts + 1
FROM unnest($1::bigint[], $2::text[], $3::text::text[]) AS f (id, state, error)
WHERE e.id = f.id
";

const WAIT: &str = "
UPDATE twilio_event SET attempts = attempts + 1, next_attempt_at = $2 WHERE id = ANY ($1)
";

const FAILED: &str = "
UPDATE twilio_event
SET attempts = $2, last_error = $3, next_attempt_at = $4, state = $5 WHERE id = $1
";

/// How one event ended.
enum Outcome {
    Processed,
    /// Not for us, with the reason.
    Ignored(String),
    /// Cannot ever be processed, with the reason.
    Parked(String),
    /// Has to wait for a send that is under way.
    Waits,
}

/// Works off a batch of stored events: messages, contacts, conversations, audit, the mark on the
/// event and the news for browsers are one transaction, so that a crash does all of it or none.
///
/// If the batch fails, its events are tried one by one, so that a bad one cannot hold up the rest.
pub async fn process_twilio_events_service(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
) -> Result<Processed, AppError> {
    match process_batch(db, BATCH, now).await {
        Ok(processed) => Ok(processed),
        Err(error) => {
            tracing::warn!(%error, "a batch of events failed; trying its events one by one");
            process_singly(db, now).await
        }
    }
}

async fn process_batch(
    db: &DatabaseConnection,
    limit: i64,
    now: DateTime<Utc>,
) -> Result<Processed, AppError> {
    let transaction = db.begin().await?;
    let events = claim(&transaction, limit, now).await?;
    if events.is_empty() {
        return Ok(Processed::Nothing);
    }
    apply(&transaction, &events, now).await?;
    transaction.commit().await?;
    Ok(Processed::Events(events.len()))
}

async fn process_singly(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
) -> Result<Processed, AppError> {
    let mut done = 0;
    for _ in 0..BATCH {
        let transaction = db.begin().await?;
        let Some(event) = claim(&transaction, 1, now).await?.pop() else {
            break;
        };
        // A savepoint: the claim's lock stays while a failed attempt is rolled back.
        let attempt = transaction.begin().await?;
        match apply(&attempt, std::slice::from_ref(&event), now).await {
            Ok(()) => attempt.commit().await?,
            Err(error) => {
                attempt.rollback().await?;
                fail(&transaction, &event, &error, now).await?;
            }
        }
        transaction.commit().await?;
        done += 1;
    }
    Ok(if done == 0 {
        Processed::Nothing
    } else {
        Processed::Events(done)
    })
}

async fn claim(
    conn: &impl ConnectionTrait,
    limit: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Stored>, AppError> {
    let claim = Statement::from_sql_and_values(
        conn.get_database_backend(),
        CLAIM,
        [now.into(), limit.into()],
    );
    Ok(Stored::find_by_statement(claim).all(conn).await?)
}

async fn fail(
    conn: &impl ConnectionTrait,
    event: &Stored,
    error: &AppError,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let attempts = event.attempts + 1;
    let parked = attempts >= MAX_ATTEMPTS;
    tracing::error!(%error, event_id = event.event_id, attempts, parked, "an event could not be processed");
    let pause = crate::bases::jobs::back_off(attempts.unsigned_abs());
    let next = now + TimeDelta::from_std(pause).unwrap_or(TimeDelta::minutes(5));
    let values = [
        event.id.into(),
        attempts.into(),
        error.to_string().into(),
        next.into(),
        if parked { "parked" } else { "pending" }.into(),
    ];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), FAILED, values);
    conn.execute_raw(statement).await?;
    Ok(())
}

async fn apply(
    conn: &impl ConnectionTrait,
    events: &[Stored],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let mut batch = Batch::parse(events);
    let numbers = resolve_event_numbers_service(conn, batch.addresses()).await?;
    batch.assign_organizations(&numbers);
    batch.hold_back_sends_under_way(conn).await?;
    let mut notices = record_inbound(conn, &batch).await?;
    let new_external = record_external(conn, &batch).await?;
    notices.extend(apply_statuses(conn, &batch, &new_external).await?);
    finish(conn, &batch, now).await?;
    publish_realtime(conn, &notices).await?;
    Ok(())
}

/// The events of a transaction, sorted by what they ask for.
struct Batch<'a> {
    inbound: Vec<(&'a Stored, InboundEvent, Option<OwnNumber>)>,
    statuses: Vec<(&'a Stored, StatusEvent, Option<OwnStatus>)>,
    outcomes: HashMap<i64, Outcome>,
}

/// Whose message a status is about, and which way it goes.
#[derive(Clone, Copy)]
struct OwnStatus {
    number: OwnNumber,
    direction: MessageDirection,
}

impl<'a> Batch<'a> {
    fn parse(events: &'a [Stored]) -> Self {
        let mut batch = Self {
            inbound: Vec::new(),
            statuses: Vec::new(),
            outcomes: HashMap::new(),
        };
        for stored in events {
            match parse_twilio_event_util(&stored.event_type, &stored.payload, stored.received_at) {
                Ok(ParsedEvent::Inbound(event)) => batch.inbound.push((stored, event, None)),
                Ok(ParsedEvent::Status(event)) => batch.statuses.push((stored, event, None)),
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

    fn addresses(&self) -> Vec<String> {
        let inbound = self.inbound.iter().map(|(_, event, _)| event.to.clone());
        let statuses = self
            .statuses
            .iter()
            .flat_map(|(_, event, _)| [event.from.clone(), event.to.clone()]);
        BTreeSet::from_iter(inbound.chain(statuses))
            .into_iter()
            .collect()
    }

    /// Inbound goes to the owner of `to`; a status to the owner of `from`, else of `to`.
    fn assign_organizations(&mut self, numbers: &HashMap<(String, String), OwnNumber>) {
        let owner = |stored: &Stored, address: &str| {
            numbers
                .get(&(stored.account_sid.clone(), address.to_owned()))
                .copied()
        };
        for (stored, event, own) in &mut self.inbound {
            *own = owner(stored, &event.to);
        }
        for (stored, event, own) in &mut self.statuses {
            let outbound =
                owner(stored, &event.from).map(|number| (number, MessageDirection::Outbound));
            let inbound =
                || owner(stored, &event.to).map(|number| (number, MessageDirection::Inbound));
            *own = outbound
                .or_else(inbound)
                .map(|(number, direction)| OwnStatus { number, direction });
        }
        let unknown = self
            .inbound
            .iter()
            .filter(|(_, _, own)| own.is_none())
            .map(|(stored, _, _)| stored.id);
        let unknown = unknown.chain(
            self.statuses
                .iter()
                .filter(|(_, _, own)| own.is_none())
                .map(|(stored, _, _)| stored.id),
        );
        for id in Vec::from_iter(unknown) {
            let reason = "no organization has imported the number".to_owned();
            self.outcomes.insert(id, Outcome::Ignored(reason));
        }
    }

    /// A status of an unknown SID, while a send of ours to the same pair has no SID yet, may be
    /// about that send: it waits for Twilio's answer instead of becoming a message from elsewhere.
    async fn hold_back_sends_under_way(
        &mut self,
        conn: &impl ConnectionTrait,
    ) -> Result<(), AppError> {
        let candidates: Vec<_> = self
            .statuses
            .iter()
            .filter(|(stored, event, _)| event.callback.is_none() && stored.attempts < MAX_WAITS)
            .filter_map(|(stored, event, own)| Some((stored.id, event, (*own)?)))
            .collect();
        let waiting = find_under_way(conn, &candidates).await?;
        for id in waiting {
            self.outcomes.insert(id, Outcome::Waits);
        }
        Ok(())
    }

    fn inbound_of_organizations(
        &self,
    ) -> impl Iterator<Item = (&'a Stored, &InboundEvent, OwnNumber)> {
        self.inbound
            .iter()
            .filter_map(|(stored, event, own)| Some((*stored, event, (*own)?)))
    }

    fn statuses_of_organizations(
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
) -> Result<Vec<i64>, AppError> {
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    macro_rules! column {
        ($row:pat => $value:expr) => {
            candidates
                .iter()
                .map(|$row| $value)
                .collect::<Vec<_>>()
                .into()
        };
    }
    let select = Statement::from_sql_and_values(
        conn.get_database_backend(),
        UNDER_WAY,
        [
            column!((id, _, _) => *id),
            column!((_, _, own) => own.number.organization_id.0),
            column!((_, event, _) => event.message_sid.to_string()),
            column!((_, event, _) => event.from.clone()),
            column!((_, event, _) => event.to.clone()),
        ],
    );
    Ok(Waiting::find_by_statement(select)
        .all(conn)
        .await?
        .into_iter()
        .map(|row| row.event)
        .collect())
}

async fn record_inbound(
    conn: &impl ConnectionTrait,
    batch: &Batch<'_>,
) -> Result<Vec<RealtimeNotice>, AppError> {
    let messages: Vec<NewMessage> = batch
        .inbound_of_organizations()
        .map(|(_, event, own)| NewMessage {
            organization_id: own.organization_id,
            phone_number_id: own.phone_number_id,
            sid: event.message_sid.clone(),
            direction: MessageDirection::Inbound,
            from_address: event.from.clone(),
            to_address: event.to.clone(),
            body: event.body.clone(),
            status: MessageStatus::Received,
            source: MessageSource::Loquent,
            num_media: event.num_media,
            num_segments: event.num_segments,
            at: event.at,
            contact_source: "inbound",
        })
        .collect();
    let new = record_messages_service(conn, &messages).await?;
    let audits: Vec<StatusChange> = batch
        .inbound_of_organizations()
        .map(|(stored, event, own)| StatusChange {
            organization_id: own.organization_id,
            sid: Some(event.message_sid.clone()),
            message_id: None,
            news: DeliveryNews {
                status: MessageStatus::Received,
                error_code: None,
                error_message: None,
                at: event.at,
            },
            body: event.body.clone(),
            num_segments: event.num_segments,
            source: NewsSource::EventStream,
            dedup_key: stored.event_id.clone(),
            payload: Some(stored.payload.clone()),
        })
        .collect();
    update_message_statuses_service(conn, &audits).await?;
    Ok(new
        .into_iter()
        .map(|((organization, _), id)| notice(organization, EVT_MESSAGE_NEW, id))
        .collect())
}

/// Messages of the account that were sent elsewhere: the first status tells us of them.
async fn record_external(
    conn: &impl ConnectionTrait,
    batch: &Batch<'_>,
) -> Result<HashSet<MessageId>, AppError> {
    let known = find_known(conn, batch).await?;
    let mut earliest: HashMap<(OrganizationId, &str), NewMessage> = HashMap::new();
    for (_, event, own) in batch.statuses_of_organizations() {
        let key = (own.number.organization_id, event.message_sid.as_str());
        let is_known = known.contains(&(key.0, key.1.to_owned()));
        if is_known || event.callback.is_some() {
            continue;
        }
        let message = earliest.entry(key).or_insert_with(|| external(event, own));
        message.at = message.at.min(event.at);
        message.body = message.body.take().or_else(|| event.body.clone());
    }
    let messages = Vec::from_iter(earliest.into_values());
    let new = record_messages_service(conn, &messages).await?;
    Ok(new.into_values().collect())
}

fn external(event: &StatusEvent, own: OwnStatus) -> NewMessage {
    NewMessage {
        organization_id: own.number.organization_id,
        phone_number_id: own.number.phone_number_id,
        sid: event.message_sid.clone(),
        direction: own.direction,
        from_address: event.from.clone(),
        to_address: event.to.clone(),
        body: event.body.clone(),
        status: match own.direction {
            MessageDirection::Outbound => MessageStatus::Queued,
            MessageDirection::Inbound => MessageStatus::Received,
        },
        source: MessageSource::External,
        num_media: 0,
        num_segments: event.num_segments,
        at: event.at,
        contact_source: "external",
    }
}

#[derive(FromQueryResult)]
struct Known {
    organization_id: Uuid,
    sid: String,
}

const KNOWN: &str = "
SELECT s.organization_id, s.sid
FROM unnest($1::uuid[], $2::text[]) AS s (organization_id, sid)
WHERE EXISTS (SELECT 1 FROM message m
              WHERE m.organization_id = s.organization_id AND m.external_id = s.sid)
   OR EXISTS (SELECT 1 FROM message_attempt a
              WHERE a.organization_id = s.organization_id AND a.external_id = s.sid)
";

async fn find_known(
    conn: &impl ConnectionTrait,
    batch: &Batch<'_>,
) -> Result<HashSet<(OrganizationId, String)>, AppError> {
    let statuses = || batch.statuses_of_organizations();
    let organizations: Vec<Uuid> = statuses()
        .map(|(_, _, own)| own.number.organization_id.0)
        .collect();
    let sids: Vec<String> = statuses()
        .map(|(_, event, _)| event.message_sid.to_string())
        .collect();
    if sids.is_empty() {
        return Ok(HashSet::new());
    }
    let values = [organizations.into(), sids.into()];
    let select = Statement::from_sql_and_values(conn.get_database_backend(), KNOWN, values);
    let known = Known::find_by_statement(select).all(conn).await?;
    Ok(known
        .into_iter()
        .map(|row| (OrganizationId(row.organization_id), row.sid))
        .collect())
}

async fn apply_statuses(
    conn: &impl ConnectionTrait,
    batch: &Batch<'_>,
    new_external: &HashSet<MessageId>,
) -> Result<Vec<RealtimeNotice>, AppError> {
    let changes: Vec<StatusChange> = batch
        .statuses_of_organizations()
        .map(|(stored, event, own)| status_change(stored, event, own))
        .collect();
    let found = update_message_statuses_service(conn, &changes).await?;
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
                    EVT_MESSAGE_NEW
                } else {
                    EVT_MESSAGE_STATUS
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
        news: DeliveryNews {
            status: event.status,
            error_code: event.error_code,
            error_message: event.error_message.clone(),
            at: event.at,
        },
        body: event.body.clone(),
        num_segments: event.num_segments,
        source: if is_callback {
            NewsSource::Callback
        } else {
            NewsSource::EventStream
        },
        dedup_key: stored.event_id.clone(),
        payload: Some(stored.payload.clone()),
    }
}

async fn finish(
    conn: &impl ConnectionTrait,
    batch: &Batch<'_>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let all = batch.inbound.iter().map(|(stored, _, _)| stored.id);
    let all = all
        .chain(batch.statuses.iter().map(|(stored, _, _)| stored.id))
        .chain(batch.outcomes.keys().copied());
    let (mut ids, mut states, mut errors, mut waiting) = (vec![], vec![], vec![], vec![]);
    for id in BTreeSet::from_iter(all) {
        let (state, error) = match batch.outcomes.get(&id).unwrap_or(&Outcome::Processed) {
            Outcome::Processed => ("processed", None),
            Outcome::Ignored(reason) => ("ignored", Some(reason.clone())),
            Outcome::Parked(reason) => ("parked", Some(reason.clone())),
            Outcome::Waits => {
                waiting.push(id);
                continue;
            }
        };
        ids.push(id);
        states.push(state.to_owned());
        errors.push(error);
    }
    let backend = conn.get_database_backend();
    let values = [
        ids.into(),
        states.into(),
        nullable_array(errors),
        now.into(),
    ];
    conn.execute_raw(Statement::from_sql_and_values(backend, FINISH, values))
        .await?;
    if !waiting.is_empty() {
        let values = [waiting.into(), (now + WAIT_FOR_SEND).into()];
        conn.execute_raw(Statement::from_sql_and_values(backend, WAIT, values))
            .await?;
    }
    Ok(())
}

fn notice(organization_id: OrganizationId, event_type: &str, id: MessageId) -> RealtimeNotice {
    RealtimeNotice {
        organization_id,
        event_type: event_type.to_owned(),
        id: id.0,
    }
}
