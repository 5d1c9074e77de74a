use std::collections::BTreeMap;

use sqlx::PgPool;
use uuid::Uuid;

use super::eventually;

/// A row of `message`, as far as tests look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMessage {
    pub id: Uuid,
    pub organization_id: Uuid,
    pub external_id: Option<String>,
    pub direction: String,
    pub body: Option<String>,
    pub status: String,
    pub source: Option<String>,
    pub error_code: Option<i32>,
    pub attempt: i32,
}

type MessageColumns = (
    Uuid,
    Uuid,
    Option<String>,
    String,
    Option<String>,
    String,
    Option<String>,
    Option<i32>,
    i32,
);

/// What is in the database, read beside the server.
#[derive(Debug, Clone)]
pub struct Rows(pub PgPool);

impl Rows {
    /// All messages, in the order of their making.
    pub async fn messages(&self) -> Vec<StoredMessage> {
        let rows: Vec<MessageColumns> = sqlx::query_as(
            "SELECT id, organization_id, external_id, direction, body, status, source,
                    error_code, attempt
             FROM message ORDER BY id",
        )
        .fetch_all(&self.0)
        .await
        .expect("messages");
        rows.into_iter()
            .map(|row| StoredMessage {
                id: row.0,
                organization_id: row.1,
                external_id: row.2,
                direction: row.3,
                body: row.4,
                status: row.5,
                source: row.6,
                error_code: row.7,
                attempt: row.8,
            })
            .collect()
    }

    /// The message with this SID, if there is exactly one.
    pub async fn by_sid(&self, sid: &str) -> Option<StoredMessage> {
        let mut found = self.messages().await;
        found.retain(|message| message.external_id.as_deref() == Some(sid));
        assert!(found.len() <= 1, "{sid} is there {} times", found.len());
        found.pop()
    }

    /// The message of this id.
    pub async fn by_id(&self, id: &str) -> Option<StoredMessage> {
        let id: Uuid = id.parse().expect("an id");
        self.messages()
            .await
            .into_iter()
            .find(|message| message.id == id)
    }

    /// Status and source of everything that was heard of a message, in order of arrival.
    pub async fn audit(&self, message: Uuid) -> Vec<(String, String)> {
        sqlx::query_as("SELECT status, source FROM message_event WHERE message_id = $1 ORDER BY id")
            .bind(message)
            .fetch_all(&self.0)
            .await
            .expect("audit")
    }

    /// A number of rows.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(&self.0)
            .await
            .expect("a number")
    }

    /// Runs a statement.
    pub async fn execute(&self, sql: &'static str) {
        sqlx::query(sql)
            .execute(&self.0)
            .await
            .expect("it is executed");
    }

    /// Locks rows, or a table, until the transaction ends.
    pub async fn lock(&self, sql: &'static str) -> sqlx::Transaction<'static, sqlx::Postgres> {
        let mut lock = self.0.begin().await.expect("a transaction");
        // It is held for as long as the test likes.
        for statement in ["SET LOCAL idle_in_transaction_session_timeout = 0", sql] {
            sqlx::query(statement)
                .execute(&mut *lock)
                .await
                .expect("it is locked");
        }
        lock
    }

    /// Waits until so many of the server's statements, or more, wait for a lock.
    pub async fn waiting_for_locks(&self, count: i64) {
        eventually("the server waits for a lock", async || {
            let waiting = "SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'";
            (self.count(waiting).await >= count).then_some(())
        })
        .await;
    }

    /// Ends the sessions that wait for a lock, as a restart of Postgres would.
    pub async fn end_waiting_sessions(&self) {
        self.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .await;
    }

    /// How many events are in each state.
    pub async fn event_states(&self) -> BTreeMap<String, i64> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT state, count(*) FROM twilio_event GROUP BY state")
                .fetch_all(&self.0)
                .await
                .expect("states");
        rows.into_iter().collect()
    }

    /// State and error of the event of this id.
    pub async fn event(&self, event_id: &str) -> Option<(String, Option<String>)> {
        sqlx::query_as("SELECT state, last_error FROM twilio_event WHERE event_id = $1")
            .bind(event_id)
            .fetch_optional(&self.0)
            .await
            .expect("the event")
    }

    /// Waits until no event waits any more.
    pub async fn all_events_processed(&self) {
        eventually("all events are processed", async || {
            (!self.event_states().await.contains_key("pending")).then_some(())
        })
        .await;
    }
}
