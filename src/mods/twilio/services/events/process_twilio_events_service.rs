use std::{collections::BTreeSet, panic::AssertUnwindSafe};

use chrono::{DateTime, TimeDelta, Utc};
use futures::{FutureExt, future::BoxFuture};
use sea_orm::{ConnectionTrait, DbErr, TransactionTrait};

use super::{
    BatchSize,
    apply_statuses::apply_statuses,
    claim_events::{Lane, claim_events},
    event_batch::{Batch, Outcome, Stored},
    note_number_events_service::note_number_events_service,
    record_external_messages::record_external_messages,
    record_inbound_events::record_inbound,
    tally_events_service::tally_events_service,
};
use crate::{
    bases::{
        config::Config,
        db::{Db, DbTransaction, describe_db_error, is_conflict, is_outage},
        jobs::back_off,
        realtime::publish_realtime,
        sql::{self, nullable_array},
    },
    mods::phone::services::resolve_event_numbers_service,
};

/// An event that failed this often is parked with its error.
const MAX_ATTEMPTS: i32 = 8;
/// A status that arrives before the answer to our own call is looked at again after this.
const WAIT_FOR_SEND: TimeDelta = TimeDelta::milliseconds(400);

/// What a call did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processed {
    /// Number of events processed; more may be waiting.
    Events(usize),
    /// There was nothing to do.
    Nothing,
}

const FINISH: &str = "
UPDATE twilio_event e
SET state = f.state, last_error = f.error, processed_at = now(), attempts = attempts + 1
FROM unnest($1::bigint[], $2::text[], $3::text::text[]) AS f (id, state, error)
WHERE e.id = f.id
";

const WAIT: &str = "
UPDATE twilio_event SET next_attempt_at = now() + $2 * interval '1 millisecond' WHERE id = ANY ($1)
";

const FAILED: &str = "
UPDATE twilio_event
SET attempts = $2, last_error = $3, next_attempt_at = now() + $4 * interval '1 second', state = $5
WHERE id = $1
";

/// Processes a batch of stored events: messages, contacts, conversations, delivery log, the mark on
/// the event and the notices for browsers are one transaction, so that a crash does all of it or
/// none.
///
/// An outage of the database is an error, and no event was touched.
///
/// A batch that fails is split by halves until the bad event is alone, so that it costs the others
/// little; it is tried again later, in a lane of its own. A full batch means a backlog: the newest
/// events then go ahead of it.
pub async fn process_twilio_events_service(
    db: &Db,
    config: &Config,
    size: BatchSize,
    now: DateTime<Utc>,
) -> Result<Processed, DbErr> {
    let process = async |lane| process_lane(db, config, lane, size, now).await;
    let oldest = match process(Lane::Oldest).await {
        // Nothing is wrong with the events; the transaction lost a deadlock.
        Err(error) if is_conflict(&error) => process(Lane::Oldest).await,
        processed => processed,
    }?;
    let newest = oldest.is_full.then_some(Lane::Newest);
    let mut count = oldest.events;
    for lane in newest.into_iter().chain([Lane::FailedBefore]) {
        match process(lane).await {
            Ok(taken) => count += taken.events,
            Err(error) => {
                tracing::warn!(%error, ?lane, "some events failed; they come again in their turn");
            }
        }
    }
    Ok(match count {
        0 => Processed::Nothing,
        count => Processed::Events(count),
    })
}

/// The result of a lane.
struct Taken {
    events: usize,
    /// Whether more may wait.
    is_full: bool,
}

async fn process_lane(
    db: &Db,
    config: &Config,
    lane: Lane,
    size: BatchSize,
    now: DateTime<Utc>,
) -> Result<Taken, DbErr> {
    let transaction = db.begin().await?;
    let events = claim_events(&transaction, lane, size).await?;
    let taken = Taken {
        events: events.len(),
        is_full: lane.is_full(size, &events),
    };
    if !events.is_empty() {
        apply_by_halves(&transaction, config, &events, now).await?;
        transaction.commit().await?;
    }
    Ok(taken)
}

/// Applies the events; if that fails, each half of them. So a bad one fails with at most as many
/// batches as its batch can be halved, and then for itself.
///
/// The claim's locks stay while a failed attempt is rolled back to its savepoint.
fn apply_by_halves<'a>(
    transaction: &'a DbTransaction,
    config: &'a Config,
    events: &'a [Stored],
    now: DateTime<Utc>,
) -> BoxFuture<'a, Result<(), DbErr>> {
    Box::pin(async move {
        let attempt = transaction.begin().await?;
        let error = match apply_or_panic(&attempt, config, events, now).await {
            Ok(()) => return attempt.commit().await,
            Err(error) => error,
        };
        // Nothing is wrong with the events.
        if is_outage(&error) || is_conflict(&error) {
            return Err(error);
        }
        attempt.rollback().await?;
        match events {
            [event] => fail(transaction, event, &error).await,
            events => {
                tracing::warn!(%error, events = events.len(), "a batch of events failed; trying each half");
                let (older, newer) = events.split_at(events.len() / 2);
                apply_by_halves(transaction, config, older, now).await?;
                apply_by_halves(transaction, config, newer, now).await
            }
        }
    })
}

async fn fail(conn: &impl ConnectionTrait, event: &Stored, error: &DbErr) -> Result<(), DbErr> {
    let attempts = event.attempts + 1;
    let parked = attempts >= MAX_ATTEMPTS;
    tracing::error!(%error, event_id = event.event_id, attempts, parked, "an event could not be processed");
    let pause = back_off(attempts.unsigned_abs());
    let values = [
        event.id.into(),
        attempts.into(),
        describe_db_error(error).into(),
        pause.as_secs_f64().into(),
        if parked { "parked" } else { "pending" }.into(),
    ];
    sql::run(conn, FAILED, values).await?;
    Ok(())
}

/// A panic over one event must not stop the others.
async fn apply_or_panic(
    conn: &impl ConnectionTrait,
    config: &Config,
    events: &[Stored],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let applied = AssertUnwindSafe(apply(conn, config, events, now)).catch_unwind();
    applied.await.unwrap_or_else(|_| {
        tracing::error!("processing events panicked");
        Err(DbErr::Custom(
            "Processing it panicked; the server's log says where.".to_owned(),
        ))
    })
}

async fn apply(
    conn: &impl ConnectionTrait,
    config: &Config,
    events: &[Stored],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let mut batch = Batch::parse(events);
    let numbers = resolve_event_numbers_service(conn, config, batch.addresses()).await?;
    let own_messages = batch.find_own_messages(conn, config).await?;
    batch.assign_organizations(&numbers, &own_messages);
    batch.forget_foreign_callbacks(conn).await?;
    batch.hold_back_sends_under_way(conn, now).await?;
    let mut notices = record_inbound(conn, &batch).await?;
    let new_external = record_external_messages(conn, &batch).await?;
    notices.extend(apply_statuses(conn, &batch, &new_external).await?);
    note_number_events_service(conn, batch.numbers(), now).await?;
    finish(conn, &batch).await?;
    publish_realtime(conn, &notices).await?;
    let is_done = |event: &&Stored| !matches!(batch.outcomes.get(&event.id), Some(Outcome::Waits));
    tally_events_service(conn, events.iter().filter(is_done)).await?;
    Ok(())
}

async fn finish(conn: &impl ConnectionTrait, batch: &Batch<'_>) -> Result<(), DbErr> {
    let all = batch.inbound.iter().map(|(stored, _, _)| stored.id);
    let all = all
        .chain(batch.statuses.iter().map(|(stored, _, _)| stored.id))
        .chain(batch.outcomes.keys().copied());
    let (mut ids, mut states, mut errors, mut waiting) = (vec![], vec![], vec![], vec![]);
    for id in BTreeSet::from_iter(all) {
        let (state, error) = match batch.outcomes.get(&id).unwrap_or(&Outcome::Processed) {
            Outcome::Processed => ("processed", None),
            Outcome::Noted(note) => ("processed", Some(note.clone())),
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
    let values = [ids.into(), states.into(), nullable_array(errors)];
    sql::run(conn, FINISH, values).await?;
    if !waiting.is_empty() {
        let values = [waiting.into(), WAIT_FOR_SEND.num_milliseconds().into()];
        sql::run(conn, WAIT, values).await?;
    }
    Ok(())
}
