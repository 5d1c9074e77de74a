use std::{sync::Arc, time::Duration};

use sea_orm::DatabaseConnection;
use tokio::sync::{Notify, mpsc, oneshot};

use crate::{
    bases::position::{POSITION_GAP, Position},
    mods::twilio::utils::EventEnvelope,
};

/// Posts that may wait for the writer; more get 503, which Twilio repeats.
const QUEUE: usize = 1_024;
/// Events in one statement. A larger batch gains nothing and holds memory.
const MAX_EVENTS: usize = 2_000;
/// Twilio waits 5 s for an answer: past this the post is answered 503 while it still listens.
const WRITE_TIMEOUT: Duration = Duration::from_secs(4);
/// Statements under way at once: one fills while another waits for its commit to reach the disk.
const WRITERS: usize = 2;

/// Stores events durably, those of concurrent posts in one commit.
///
/// A commit waits for the disk; posts that come meanwhile share the next one. So the rate is not
/// bound to commits per second, and no post is answered before its own events are on disk.
#[derive(Debug, Clone)]
pub struct EventWriter {
    posts: mpsc::Sender<Post>,
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
    /// The place of its first event in the order of arrival.
    first: Position,
    events: Vec<EventEnvelope>,
    done: oneshot::Sender<Result<(), Arc<sqlx::Error>>>,
}

const INSERT: &str = "
INSERT INTO twilio_event (account_sid, event_id, event_type, message_sid, payload, position)
SELECT account_sid, event_id, event_type, nullif(message_sid, ''), payload, position
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
    AS e (account_sid, event_id, event_type, message_sid, payload, position)
ON CONFLICT (account_sid, event_id) DO NOTHING
";

impl EventWriter {
    /// Starts the writers; `stored` is notified after every commit.
    pub fn start(db: &DatabaseConnection, stored: Arc<Notify>) -> Self {
        let (posts, waiting) = mpsc::channel(QUEUE);
        let waiting = Arc::new(tokio::sync::Mutex::new(waiting));
        for _ in 0..WRITERS {
            let pool = db.get_postgres_connection_pool().clone();
            tokio::spawn(write(pool, waiting.clone(), stored.clone()));
        }
        Self { posts }
    }

    /// Whether posts come in faster than they are stored.
    pub fn has_waiting_posts(&self) -> bool {
        self.posts.capacity() < self.posts.max_capacity()
    }

    /// Returns once the events are on disk. An event that is there already is left as it is.
    ///
    /// `first` is the place of the first of them in the order of arrival, taken where the post came
    /// in: writers and batches overtake each other.
    pub async fn store(
        &self,
        account_sid: String,
        first: Position,
        events: Vec<EventEnvelope>,
    ) -> Result<(), StoreError> {
        let (done, result) = oneshot::channel();
        self.posts
            .try_send(Post {
                account_sid,
                first,
                events,
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

async fn write(
    pool: sqlx::PgPool,
    waiting: Arc<tokio::sync::Mutex<mpsc::Receiver<Post>>>,
    stored: Arc<Notify>,
) {
    while let Some(batch) = next_batch(&waiting).await {
        let result = insert(&pool, &batch).await.map_err(Arc::new);
        if result.is_ok() {
            stored.notify_one();
        }
        for post in batch {
            // Whoever waited may be gone; the events are stored all the same.
            drop(post.done.send(result.clone()));
        }
    }
}

/// All posts that wait, up to a batch; `None` when there will be no more.
async fn next_batch(waiting: &tokio::sync::Mutex<mpsc::Receiver<Post>>) -> Option<Vec<Post>> {
    let mut waiting = waiting.lock().await;
    let first = waiting.recv().await?;
    let mut events = first.events.len();
    let mut batch = vec![first];
    while events < MAX_EVENTS
        && let Ok(post) = waiting.try_recv()
    {
        events += post.events.len();
        batch.push(post);
    }
    Some(batch)
}

async fn insert(pool: &sqlx::PgPool, batch: &[Post]) -> Result<(), sqlx::Error> {
    let events = || {
        batch
            .iter()
            .flat_map(|post| post.events.iter().map(|e| (post.account_sid.as_str(), e)))
    };
    let accounts: Vec<&str> = events().map(|(account, _)| account).collect();
    let ids: Vec<&str> = events().map(|(_, event)| event.event_id.as_str()).collect();
    let types: Vec<&str> = events()
        .map(|(_, event)| event.event_type.as_str())
        .collect();
    let messages: Vec<&str> = events()
        .map(|(_, event)| event.message_sid.as_deref().unwrap_or_default())
        .collect();
    let positions: Vec<i64> = batch
        .iter()
        .flat_map(|post| {
            let after = (0..).step_by(POSITION_GAP as usize).take(post.events.len());
            after.map(|after: i64| post.first.0 + after)
        })
        .collect();
    let payloads: Vec<&str> = events().map(|(_, event)| event.payload.as_str()).collect();
    sqlx::query(INSERT)
        .bind(accounts)
        .bind(ids)
        .bind(types)
        .bind(messages)
        .bind(payloads)
        .bind(positions)
        .execute(pool)
        .await
        .map(drop)
}
