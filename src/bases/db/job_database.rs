//! The job queue's access to the database, with a limit on every wait.

use std::time::Duration;

use futures::stream;
use graphile_worker::{
    BoxFuture, DatabaseDriver, DbError, DbExecutor, DbParams, DbRow, DbTransaction, Notification,
    NotificationStream, TransactionDriver, sqlx::SqlxDatabase,
};

use super::{Db, Listener, limit::ANSWER_LIMIT, within};

/// Between two attempts to listen again.
const RECONNECT_DELAY: Duration = Duration::from_millis(500);

/// The driver of `graphile_worker`: the library's own on our pool, with our limits. A wait that
/// hits the limit is an error, which ends the worker; it is started again.
#[derive(Clone, Debug)]
pub struct JobDatabase {
    db: Db,
    inner: SqlxDatabase,
}

impl JobDatabase {
    /// A driver on the pool.
    pub fn new(db: &Db) -> Self {
        Self {
            db: db.clone(),
            inner: SqlxDatabase::new(db.get_postgres_connection_pool().clone()),
        }
    }
}

impl DbExecutor for JobDatabase {
    fn execute<'a>(
        &'a self,
        sql: &'a str,
        params: DbParams,
    ) -> BoxFuture<'a, Result<u64, DbError>> {
        Box::pin(within(ANSWER_LIMIT, self.inner.execute(sql, params)))
    }

    fn fetch_all<'a>(
        &'a self,
        sql: &'a str,
        params: DbParams,
    ) -> BoxFuture<'a, Result<Vec<DbRow>, DbError>> {
        Box::pin(within(ANSWER_LIMIT, self.inner.fetch_all(sql, params)))
    }
}

impl DatabaseDriver for JobDatabase {
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }

    fn begin<'a>(&'a self) -> BoxFuture<'a, Result<DbTransaction, DbError>> {
        Box::pin(async {
            let begun = within(ANSWER_LIMIT, self.inner.begin()).await?;
            Ok(DbTransaction::new(Box::new(JobTransaction(begun))))
        })
    }

    fn listen<'a>(
        &'a self,
        channel: &'a str,
    ) -> BoxFuture<'a, Result<Option<NotificationStream>, DbError>> {
        let heard = stream::unfold(
            (self.db.clone(), channel.to_owned(), None),
            |(db, channel, listener)| async {
                let (heard, listener) = hear(&db, &channel, listener).await;
                Some((Ok(heard), (db, channel, Some(listener))))
            },
        );
        Box::pin(async { Ok(Some(Box::pin(heard) as NotificationStream)) })
    }
}

/// The next notification. A new listener begins with one, since something may have been missed.
async fn hear(db: &Db, channel: &str, listener: Option<Listener>) -> (Notification, Listener) {
    let word = |payload: &str| Notification {
        channel: channel.to_owned(),
        payload: payload.to_owned(),
    };
    if let Some(mut listener) = listener {
        match listener.next().await {
            Ok(heard) => return (word(heard.payload()), listener),
            Err(error) => {
                tracing::warn!(%error, "the listener for new jobs was lost; listening again")
            }
        }
    }
    loop {
        match Listener::open(db, channel).await {
            Ok(listener) => return (word(""), listener),
            Err(error) => {
                tracing::debug!(%error, "cannot listen for new jobs");
                tokio::time::sleep(RECONNECT_DELAY).await;
            }
        }
    }
}

struct JobTransaction(DbTransaction);

impl DbExecutor for JobTransaction {
    fn execute<'a>(
        &'a self,
        sql: &'a str,
        params: DbParams,
    ) -> BoxFuture<'a, Result<u64, DbError>> {
        Box::pin(within(ANSWER_LIMIT, self.0.execute(sql, params)))
    }

    fn fetch_all<'a>(
        &'a self,
        sql: &'a str,
        params: DbParams,
    ) -> BoxFuture<'a, Result<Vec<DbRow>, DbError>> {
        Box::pin(within(ANSWER_LIMIT, self.0.fetch_all(sql, params)))
    }
}

impl TransactionDriver for JobTransaction {
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), DbError>> {
        Box::pin(within(ANSWER_LIMIT, self.0.commit()))
    }
}
