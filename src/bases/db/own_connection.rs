//! A connection that one task has to itself.

use std::{sync::Arc, time::Duration};

use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use tokio::time::Instant;

use super::{Db, connect::open, limit::PING_LIMIT, within};

/// A connection that was used a moment ago need not be asked whether it is alive.
const FRESH_FOR: Duration = Duration::from_secs(1);

/// A connection outside the pool. It is opened when needed and dropped after the first error or
/// timeout; the next use opens a new one.
#[derive(Debug)]
pub struct OwnConnection {
    options: Arc<PgConnectOptions>,
    idle: Option<(PgConnection, Instant)>,
}

impl OwnConnection {
    /// One to the same database as the pool's.
    pub fn new(db: &Db) -> Self {
        Self {
            options: db.get_postgres_connection_pool().connect_options(),
            idle: None,
        }
    }

    /// Uses the connection, for a limited time.
    pub async fn run<T>(
        &mut self,
        limit: Duration,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        let idle = self.idle.take();
        let (connection, done) = within(limit, async {
            let mut connection = match alive(idle).await {
                Some(connection) => connection,
                None => open(&self.options).await?,
            };
            let done = work(&mut connection).await?;
            Ok::<_, sqlx::Error>((connection, done))
        })
        .await?;
        self.idle = Some((connection, Instant::now()));
        Ok(done)
    }
}

async fn alive(idle: Option<(PgConnection, Instant)>) -> Option<PgConnection> {
    let (mut connection, used) = idle?;
    if used.elapsed() > FRESH_FOR {
        within(PING_LIMIT, connection.ping()).await.ok()?;
    }
    Some(connection)
}
