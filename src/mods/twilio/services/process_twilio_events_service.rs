use std::{collections::BTreeSet, panic::AssertUnwindSafe};

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr, FromQueryResult, Statement, TransactionTrait,
};

use super::{
    apply_event_batch::{apply_statuses, record_external, record_inbound},
    event_batch::{Batch, Outcome, Stored},
    note_number_events_service::note_number_events_service,
    resolve_event_numbers_service,
    tally_events_service::tally_events_service,
};
use crate::bases::{
    db::{describe_db_error, is_conflict},
    jobs::back_off,
    realtime::publish_realtime,
    sql::nullable_array,
};

/// Events in one transaction: enough to make statements cheap, few enough to commit quickly.
const BATCH: i64 = 500;
/// New events that go ahead of a backlog, at a time.
const LIVE_BATCH: i64 = 100;
/// An event that failed this often is put aside with its error.
const MAX_ATTEMPTS: i32 = 8;
/// A status that arrives before the answer to our own call is looked at again after this.
const WAIT_FOR_SEND: TimeDelta = TimeDelta::milliseconds(400);

/// What a call did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processed {
    /// So many events were worked off; there may be more.
    Events(usize),
    /// There was nothing to do.
    Nothing,
}

// SKIP LOCKED: several nodes work side by side, each on its own events.
const CLAIM_OLDEST: &str = "
SELECT id, account_sid, event_id, event_type, payload, attempts, received_at, position
FROM twilio_event
WHERE state = 'pending' AND next_attempt_at <= $1
ORDER BY id LIMIT $2
FOR UPDATE SKIP LOCKED
";

// Not one whose message has an older event that waits: those of a message stay in order.
// `OFFSET 0` keeps the state out of the look-up: only the few events of one message are read, and
// never the whole backlog, whatever the planner believes its size to be.
const CLAIM_NEWEST: &str = "
SELECT e.* FROM (
    SELECT id, account_sid, event_id, event_type, payload, attempts, received_at, position,
           message_sid
    FROM twilio_event
    WHERE state = 'pending' AND next_attempt_at <= $1 AND received_at > $1 - interval '10 seconds'
    ORDER BY id DESC LIMIT $2
    FOR UPDATE SKIP LOCKED) e
WHERE NOT EXISTS (
    SELECT 1 FROM (
        SELECT own.state FROM twilio_event own
        WHERE own.message_sid = e.message_sid AND own.id < e.id OFFSET 0) older
    WHERE older.state = 'pending')
ORDER BY e.id
";

/// Which of the waiting events a transaction takes.
#[derive(Debug, Clone, Copy)]
enum Lane {
    Oldest,
    /// During a backlog: what has just come in, so that live texts do not wait behind it.
    Newest,
}

impl Lane {
    /// The statement that claims its events, and how many.
    fn claim(self) -> (&'static str, i64) {
        match self {
            Self::Oldest => (CLAIM_OLDEST, BATCH),
            Self::Newest => (CLAIM_NEWEST, LIVE_BATCH),
        }
    }
}

const FINISH: &str = "
UPDATE twilio_event e
SET state = f.state, last_error = f.error, processed_at = $4, attempts = attempts + 1
FROM unnest($1::bigint[], $2::text[], $3::text::text[]) AS f (id, state, error)
WHERE e.id = f.id
";

const WAIT: &str = "
UPDATE twilio_event SET next_attempt_at = $2 WHERE id = ANY ($1)
";

const FAILED: &str = "
UPDATE twilio_event
SET attempts = $2, last_error = $3, next_attempt_at = $4, state = $5 WHERE id = $1
";

/// Works off a batch of stored events: messages, contacts, conversations, audit, the mark on the
/// event and the news for browsers are one transaction, so that a crash does all of it or none.
///
/// If the batch fails, its events are tried one by one, so that a bad one cannot hold up the rest.
/// A full batch means a backlog: the newest events then go ahead of it.
pub async fn process_twilio_events_service(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
) -> Result<Processed, DbErr> {
    let processed = match process_batch(db, Lane::Oldest, now).await {
        // Nothing is wrong with the events: they gave way to another transaction.
        Err(error) if is_conflict(&error) => process_batch(db, Lane::Oldest, now).await,
        processed => processed,
    };
    let processed = match processed {
        Ok(processed) => processed,
        Err(error) => {
            tracing::warn!(%error, "a batch of events failed; trying its events one by one");
            process_singly(db, now).await?
        }
    };
    if matches!(processed, Processed::Events(count) if count >= BATCH as usize)
        && let Err(error) = process_batch(db, Lane::Newest, now).await
    {
        tracing::warn!(%error, "the newest events failed; they come again in their turn");
    }
    Ok(processed)
}

async fn process_batch(
    db: &DatabaseConnection,
    lane: Lane,
    now: DateTime<Utc>,
) -> Result<Processed, DbErr> {
    let transaction = db.begin().await?;
    let events = claim(&transaction, lane.claim(), now).await?;
    if events.is_empty() {
        return Ok(Processed::Nothing);
    }
    apply_or_panic(&transaction, &events, now).await?;
    transaction.commit().await?;
    Ok(Processed::Events(events.len()))
}

async fn process_singly(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<Processed, DbErr> {
    let mut done = 0;
    for _ in 0..BATCH {
        let transaction = db.begin().await?;
        let Some(event) = claim(&transaction, (CLAIM_OLDEST, 1), now).await?.pop() else {
            break;
        };
        // A savepoint: the claim's lock stays while a failed attempt is rolled back.
        let attempt = transaction.begin().await?;
        match apply_or_panic(&attempt, std::slice::from_ref(&event), now).await {
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
    (claim, limit): (&str, i64),
    now: DateTime<Utc>,
) -> Result<Vec<Stored>, DbErr> {
    let claim = Statement::from_sql_and_values(
        conn.get_database_backend(),
        claim,
        [now.into(), limit.into()],
    );
    Stored::find_by_statement(claim).all(conn).await
}

async fn fail(
    conn: &impl ConnectionTrait,
    event: &Stored,
    error: &DbErr,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let attempts = event.attempts + 1;
    let parked = attempts >= MAX_ATTEMPTS;
    tracing::error!(%error, event_id = event.event_id, attempts, parked, "an event could not be processed");
    let pause = back_off(attempts.unsigned_abs());
    let next = now + TimeDelta::from_std(pause).unwrap_or(TimeDelta::minutes(5));
    let values = [
        event.id.into(),
        attempts.into(),
        describe_db_error(error).into(),
        next.into(),
        if parked { "parked" } else { "pending" }.into(),
    ];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), FAILED, values);
    conn.execute_raw(statement).await?;
    Ok(())
}

/// A panic over one event must not stop the work on all others.
async fn apply_or_panic(
    conn: &impl ConnectionTrait,
    events: &[Stored],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let applied = AssertUnwindSafe(apply(conn, events, now)).catch_unwind();
    applied.await.unwrap_or_else(|_| {
        tracing::error!("working off events panicked");
        Err(DbErr::Custom(
            "Working it off broke down; the server's log says where.".to_owned(),
        ))
    })
}

async fn apply(
    conn: &impl ConnectionTrait,
    events: &[Stored],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let mut batch = Batch::parse(events);
    let numbers = resolve_event_numbers_service(conn, batch.addresses()).await?;
    batch.assign_organizations(&numbers);
    batch.forget_foreign_callbacks(conn).await?;
    batch.hold_back_sends_under_way(conn, now).await?;
    let mut notices = record_inbound(conn, &batch).await?;
    let new_external = record_external(conn, &batch).await?;
    notices.extend(apply_statuses(conn, &batch, &new_external).await?);
    note_number_events_service(conn, batch.numbers(), now).await?;
    finish(conn, &batch, now).await?;
    publish_realtime(conn, &notices).await?;
    let is_done = |event: &&Stored| !matches!(batch.outcomes.get(&event.id), Some(Outcome::Waits));
    tally_events_service(conn, events.iter().filter(is_done)).await?;
    Ok(())
}

async fn finish(
    conn: &impl ConnectionTrait,
    batch: &Batch<'_>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
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
