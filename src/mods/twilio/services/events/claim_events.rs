//! Claims waiting events for a transaction.

use sea_orm::{ConnectionTrait, DbErr};

use super::event_batch::Stored;
use crate::bases::sql;

/// Events in one transaction: enough to make statements cheap, few enough to commit quickly.
const BATCH: i64 = 500;
/// New events that go ahead of a backlog, at a time.
const LIVE_BATCH: i64 = 100;
/// Events that have failed before, at a time: each may fail again, and others wait meanwhile.
const FAILED_BATCH: i64 = 20;
/// The most that the events of a transaction hold, in bytes: its statements are copies. A single
/// event may hold more.
const MAX_BYTES: i64 = 4 * 1_024 * 1_024;

/// How many events a transaction takes at most.
///
/// A batch whose statements time out counts as an outage and would be retried unchanged. So a slow
/// database gets smaller and smaller batches, and larger ones when it keeps up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchSize(i64);

impl Default for BatchSize {
    fn default() -> Self {
        Self(BATCH)
    }
}

impl BatchSize {
    /// For the next try.
    #[must_use]
    pub fn smaller(self) -> Self {
        Self((self.0 / 2).max(1))
    }

    /// After a success: a little larger, as the next one may be too large again.
    #[must_use]
    pub fn larger(self) -> Self {
        Self((self.0 + self.0 / 4 + 1).min(BATCH))
    }
}

/// Claims waiting events for a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    Oldest,
    /// During a backlog: the newest events, so that live texts do not wait behind it.
    Newest,
    /// Retries: by themselves, so that they do not fail the batches of others.
    FailedBefore,
}

// SKIP LOCKED: several nodes work side by side, each on its own events. The size of a payload is
// known without reading it.
const OLDEST: &str = "
SELECT id, octet_length(payload) AS bytes FROM twilio_event
WHERE state = 'pending' AND attempts = 0 AND next_attempt_at <= now()
ORDER BY id LIMIT $1
FOR UPDATE SKIP LOCKED
";

const FAILED_BEFORE: &str = "
SELECT id, octet_length(payload) AS bytes FROM twilio_event
WHERE state = 'pending' AND attempts > 0 AND next_attempt_at <= now()
ORDER BY next_attempt_at LIMIT $1
FOR UPDATE SKIP LOCKED
";

// Not one whose message has an older waiting event: events of a message stay in order. `OFFSET 0`
// keeps the state out of the look-up: only the few events of one message are read, and never the
// whole backlog, whatever the planner believes its size to be.
const NEWEST: &str = "
SELECT e.id, e.bytes FROM (
    SELECT id, message_sid, octet_length(payload) AS bytes FROM twilio_event
    WHERE state = 'pending' AND attempts = 0 AND next_attempt_at <= now()
      AND received_at > now() - interval '10 seconds'
    ORDER BY id DESC LIMIT $1
    FOR UPDATE SKIP LOCKED) e
WHERE NOT EXISTS (
    SELECT 1 FROM (
        SELECT own.state FROM twilio_event own
        WHERE own.message_sid = e.message_sid AND own.id < e.id OFFSET 0) older
    WHERE older.state = 'pending')
";

impl Lane {
    /// The statement that locks its events, and how many.
    fn wanted(self, size: BatchSize) -> (&'static str, i64) {
        let (sql, most) = match self {
            Self::Oldest => (OLDEST, BATCH),
            Self::Newest => (NEWEST, LIVE_BATCH),
            Self::FailedBefore => (FAILED_BEFORE, FAILED_BATCH),
        };
        (sql, most.min(size.0))
    }

    /// Whether more may wait: as many as are taken at a time, or as much.
    pub(super) fn is_full(self, size: BatchSize, events: &[Stored]) -> bool {
        let bytes: usize = events.iter().map(|event| event.payload.len()).sum();
        events.len() as i64 >= self.wanted(size).1 || bytes as i64 >= MAX_BYTES / 2
    }
}

/// Locks events until the end of the transaction, and reads them.
pub(super) async fn claim_events(
    conn: &impl ConnectionTrait,
    lane: Lane,
    size: BatchSize,
) -> Result<Vec<Stored>, DbErr> {
    let (wanted, limit) = lane.wanted(size);
    // Locked events that are not taken are free again at the end of the transaction.
    let sql = format!(
        "WITH waiting AS MATERIALIZED ({wanted}),
         fitting AS (
             SELECT id FROM (
                 SELECT id, bytes, sum(bytes) OVER (ORDER BY id) AS together FROM waiting) w
             WHERE together <= $2 OR together = bytes)
         SELECT e.id, e.account_sid, e.event_id, e.event_type, e.payload, e.attempts,
                e.received_at, e.position
         FROM twilio_event e WHERE e.id = ANY (ARRAY (SELECT id FROM fitting))
         ORDER BY e.id"
    );
    let values = [limit.into(), MAX_BYTES.into()];
    sql::rows::<Stored>(conn, sql, values).await
}
