use std::{sync::Arc, time::Duration};

use sqlx::{Connection, PgConnection};
use tokio::sync::{Mutex, Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use uuid::Uuid;

use crate::{
    bases::{
        db::{Db, OwnConnection, describe_sqlx_error},
        health::{Health, Part},
    },
    entities::position::Position,
    mods::twilio::utils::EventEnvelope,
};

/// Posts that may wait for the writer; more get 503, which Twilio repeats.
const QUEUE: usize = 1_024;
/// What they may hold in all, in kB; a post has at most 1 MB.
const QUEUE_KB: usize = 32 * 1_024;
/// Events in one statement. A larger batch gains nothing and holds memory.
const MAX_EVENTS: usize = 2_000;
/// The same in bytes: the statement's arguments are a copy.
const MAX_BYTES: usize = 4 * 1_024 * 1_024;
/// Twilio waits 5 s for an answer; after this the post is answered 503 while Twilio still listens.
const WRITE_TIMEOUT: Duration = Duration::from_secs(4);
/// An insert that takes longer is cancelled and its connection dropped: nobody waits for it, and
/// the connection may be dead.
const INSERT_LIMIT: Duration = Duration::from_secs(4);
/// Statements under way at once: one fills while another waits for its commit to reach the disk.
const WRITERS: usize = 2;
/// Pause between a writer's panic and its next start.
const RESTART_AFTER: Duration = Duration::from_secs(1);

/// Stores events durably, those of concurrent posts in one commit.
///
/// A commit waits for the disk; posts that come meanwhile share the next one. So commits per second
/// do not limit the rate, and no post is answered before its own events are on disk.
#[derive(Debug, Clone)]
pub struct EventWriter {
    posts: mpsc::Sender<Post>,
    room: Arc<Semaphore>,
}

/// The events were not stored; Twilio must be told to send them again.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("too many posts are waiting to be stored")]
    Full,
    #[error("the database did not take the events in time")]
    Timeout,
    #[error("the database did not take the events: {0}")]
    Database(Arc<sqlx::Error>),
    #[error("the writer has stopped")]
    Stopped,
}

struct Post {
    account_sid: String,
    /// Of each event, its place in the order of arrival.
    places: Vec<Position>,
    events: Vec<EventEnvelope>,
    bytes: usize,
    /// Its share of what may wait.
    _room: OwnedSemaphorePermit,
    done: oneshot::Sender<Result<(), Arc<sqlx::Error>>>,
}

const INSERT: &str = "
INSERT INTO twilio_event (account_sid, event_id, event_type, message_sid, payload, position,
    from_address, to_address, state, last_error)
SELECT account_sid, event_id, event_type, nullif(message_sid, ''), payload, position,
       nullif(from_address, ''), nullif(to_address, ''),
       CASE WHEN rejected = '' THEN 'pending' ELSE 'parked' END, nullif(rejected, '')
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[],
            $7::text[], $8::text[], $9::text[])
    AS e (account_sid, event_id, event_type, message_sid, payload, position, from_address,
          to_address, rejected)
ON CONFLICT (account_sid, event_id) DO NOTHING
";

// A row like those of events, rolled back: only whether it can be written counts. Its id is unique,
// so that nodes do not wait for each other.
const PROBE: &str = "
INSERT INTO twilio_event (account_sid, event_id, event_type, payload)
VALUES ('AC00000000000000000000000000000000', $1, 'loquent.probe', '{}')
";

impl EventWriter {
    /// Starts the writers; `stored` is notified after every commit.
    pub fn start(db: &Db, health: &Health, stored: Arc<Notify>) -> Self {
        let (posts, waiting) = mpsc::channel(QUEUE);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..WRITERS {
            let (db, health) = (db.clone(), health.clone());
            let (waiting, stored) = (waiting.clone(), stored.clone());
            tokio::spawn(keep_writing(db, health, waiting, stored));
        }
        Self {
            posts,
            room: Arc::new(Semaphore::new(QUEUE_KB)),
        }
    }

    /// Whether posts come in faster than they are stored.
    pub fn has_waiting_posts(&self) -> bool {
        self.posts.capacity() < self.posts.max_capacity()
    }

    /// Returns once the events are on disk. An event that is there already is left as it is.
    ///
    /// `places` are theirs in the order of arrival, taken where the post came in: writers and
    /// batches overtake each other.
    pub async fn store(
        &self,
        account_sid: String,
        places: Vec<Position>,
        events: Vec<EventEnvelope>,
    ) -> Result<(), StoreError> {
        self.hand_over(account_sid, places, events).await
    }

    /// Checks whether an event could be stored, the way events are stored: a writer inserts one,
    /// rolls back, and reports its health.
    pub async fn probe(&self) -> Result<(), StoreError> {
        self.hand_over(String::new(), Vec::new(), Vec::new()).await
    }

    async fn hand_over(
        &self,
        account_sid: String,
        places: Vec<Position>,
        events: Vec<EventEnvelope>,
    ) -> Result<(), StoreError> {
        let (done, result) = oneshot::channel();
        let bytes: usize = events.iter().map(|event| event.payload.len()).sum();
        let share = u32::try_from(bytes.div_ceil(1_024)).unwrap_or(u32::MAX);
        let room = Semaphore::try_acquire_many_owned(self.room.clone(), share);
        self.posts
            .try_send(Post {
                account_sid,
                places,
                events,
                bytes,
                _room: room.map_err(|_| StoreError::Full)?,
                done,
            })
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => StoreError::Full,
                mpsc::error::TrySendError::Closed(_) => StoreError::Stopped,
            })?;
        match tokio::time::timeout(WRITE_TIMEOUT, result).await {
            Ok(Ok(stored)) => stored.map_err(StoreError::Database),
            Ok(Err(_)) => Err(StoreError::Stopped),
            Err(_) => Err(StoreError::Timeout),
        }
    }
}

/// A writer that panics is started again: a server that stores no posts would be worse than none.
/// The posts that it had are answered 503.
async fn keep_writing(
    db: Db,
    health: Health,
    waiting: Arc<Mutex<mpsc::Receiver<Post>>>,
    stored: Arc<Notify>,
) {
    loop {
        // Outside the pool, so that storing never waits for other work.
        let connection = OwnConnection::new(&db);
        let (waiting, stored) = (waiting.clone(), stored.clone());
        let writing = tokio::spawn(write(connection, health.clone(), waiting, stored));
        let Err(error) = writing.await else {
            return;
        };
        tracing::error!(%error, "a writer of events panicked; starting it again");
        tokio::time::sleep(RESTART_AFTER).await;
    }
}

async fn write(
    mut connection: OwnConnection,
    health: Health,
    waiting: Arc<Mutex<mpsc::Receiver<Post>>>,
    stored: Arc<Notify>,
) {
    while let Some(batch) = next_batch(&waiting).await {
        let mut result = store(&mut connection, &batch).await;
        if result
            .as_ref()
            .is_err_and(|error| has_class(error, &["40"]))
        {
            // Postgres ended it in favor of another one; a retry succeeds.
            result = store(&mut connection, &batch).await;
        }
        let result = result.map_err(Arc::new);
        match &result {
            Ok(()) => {
                health.works(Part::Storing);
                stored.notify_one();
            }
            // It is the events, or another transaction; the next ones can be stored.
            Err(error) if has_class(error, &["22", "23", "40", "54"]) => {}
            Err(error) => health.fails(Part::Storing, &describe_sqlx_error(error)),
        }
        for post in batch {
            // The caller may be gone; the events are stored all the same.
            drop(post.done.send(result.clone()));
        }
    }
}

/// All posts that wait, up to a batch; `None` when there will be no more.
async fn next_batch(waiting: &Mutex<mpsc::Receiver<Post>>) -> Option<Vec<Post>> {
    let mut waiting = waiting.lock().await;
    let first = waiting.recv().await?;
    let (mut events, mut bytes) = (first.events.len(), first.bytes);
    let mut batch = vec![first];
    while events < MAX_EVENTS
        && bytes < MAX_BYTES
        && let Ok(post) = waiting.try_recv()
    {
        events += post.events.len();
        bytes += post.bytes;
        batch.push(post);
    }
    Some(batch)
}

async fn store(connection: &mut OwnConnection, batch: &[Post]) -> Result<(), sqlx::Error> {
    let store = connection.run(INSERT_LIMIT, async |connection| {
        if batch.iter().all(|post| post.events.is_empty()) {
            insert_and_take_back(connection).await
        } else {
            insert(connection, batch).await
        }
    });
    store.await
}

/// https://www.postgresql.org/docs/current/errcodes-appendix.html
fn has_class(error: &sqlx::Error, classes: &[&str]) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| classes.iter().any(|class| code.starts_with(class)))
}

async fn insert_and_take_back(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    sqlx::query(PROBE)
        .bind(Uuid::now_v7().to_string())
        .execute(&mut *transaction)
        .await?;
    transaction.rollback().await
}

async fn insert(connection: &mut PgConnection, batch: &[Post]) -> Result<(), sqlx::Error> {
    let events = || {
        batch
            .iter()
            .flat_map(|post| post.events.iter().map(|e| (post.account_sid.as_str(), e)))
    };
    let column = |value: for<'a> fn(&'a EventEnvelope) -> &'a str| -> Vec<&str> {
        events().map(|(_, event)| value(event)).collect()
    };
    let accounts: Vec<&str> = events().map(|(account, _)| account).collect();
    let positions: Vec<i64> = batch
        .iter()
        .flat_map(|post| post.places.iter().map(|place| place.0))
        .collect();
    sqlx::query(INSERT)
        .bind(accounts)
        .bind(column(|event| &event.event_id))
        .bind(column(|event| &event.event_type))
        .bind(column(|event| {
            event.message_sid.as_deref().unwrap_or_default()
        }))
        .bind(column(|event| &event.payload))
        .bind(positions)
        .bind(column(|event| {
            event.from_address.as_deref().unwrap_or_default()
        }))
        .bind(column(|event| {
            event.to_address.as_deref().unwrap_or_default()
        }))
        .bind(column(|event| event.rejected.unwrap_or_default()))
        .execute(connection)
        .await
        .map(drop)
}
