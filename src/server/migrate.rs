//! Migrating the schema while nodes of the previous version run.

use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, FromQueryResult,
    Statement,
};
use secrecy::{ExposeSecret, SecretString};

use crate::bases::db::has_code;

/// A step that waits for a lock blocks all others behind it, also the old version's webhooks, for
/// which Twilio waits 5 s.
const LOCK_TIMEOUT: &str = "SET lock_timeout = '1s'";
/// The duration of a step depends on the size of the table; no request waits for it.
const NO_STATEMENT_TIMEOUT: &str = "SET statement_timeout = 0";
/// Between two tries of a step that did not get its locks, so that those behind it go first.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];
/// Between two looks whether another node is done.
const WAIT_FOR_OTHERS: Duration = Duration::from_millis(250);
// Any number, as long as nobody else uses it. The lock is the session's, and it is tried for, not
// waited for: building an index waits for every statement that is under way, also for one that
// waits for this lock.
const LOCK: &str = "SELECT pg_try_advisory_lock(4812230617) AS locked";

/// Brings the schema up to date. Several nodes may do it at once: a lock lets them in one by one.
pub async fn migrate(url: &SecretString) -> Result<(), DbErr> {
    let migrations = Migrations::begin(url).await?;
    while migrations.step().await?.is_some() {}
    migrations.end().await
}

/// The right to change the schema, on a connection of its own.
#[derive(Debug)]
pub struct Migrations {
    db: DatabaseConnection,
}

impl Migrations {
    /// Waits until no other node changes the schema.
    pub async fn begin(url: &SecretString) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(url.expose_secret());
        // One connection, for as long as it takes: the lock is the session's.
        options
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .set_application_name("loquent migrate")
            .sqlx_logging(false);
        let db = Database::connect(options).await?;
        let migrations = Self { db };
        migrations.lock().await?;
        Ok(migrations)
    }

    /// Applies the next step and returns its name; `None` when none is left. A step that does not
    /// get its locks is retried until it does.
    pub async fn step(&self) -> Result<Option<String>, DbErr> {
        let mut pauses = PAUSES.into_iter();
        let mut pause = PAUSES[0];
        loop {
            // A connection that was lost was replaced; another node may have the lock by now, and
            // may have done the step.
            self.lock().await?;
            let pending = Migrator::get_pending_migrations(&self.db).await?;
            let Some(step) = pending.first().map(|step| step.name().to_owned()) else {
                return Ok(None);
            };
            self.db.execute_unprepared(NO_STATEMENT_TIMEOUT).await?;
            self.db.execute_unprepared(LOCK_TIMEOUT).await?;
            match Migrator::up(&self.db, Some(1)).await {
                Ok(()) => return Ok(Some(step)),
                Err(error) if gave_way(&error) => {
                    pause = pauses.next().unwrap_or(pause);
                    tracing::warn!(
                        step,
                        "a migration step waits for a lock on its tables; trying again"
                    );
                    tokio::time::sleep(pause).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Lets other nodes in. Dropping does the same a little later.
    pub async fn end(self) -> Result<(), DbErr> {
        self.db.close().await
    }

    async fn lock(&self) -> Result<(), DbErr> {
        #[derive(FromQueryResult)]
        struct Attempt {
            locked: bool,
        }

        let mut waits = false;
        loop {
            let lock = Statement::from_string(self.db.get_database_backend(), LOCK);
            let attempt = Attempt::find_by_statement(lock).one(&self.db).await?;
            if attempt.is_some_and(|attempt| attempt.locked) {
                return Ok(());
            }
            if !waits {
                tracing::info!("another node is changing the schema; waiting for it");
                waits = true;
            }
            tokio::time::sleep(WAIT_FOR_OTHERS).await;
        }
    }
}

/// Whether a step was cancelled because of other locks: the lock time limit, or a deadlock. Nothing
/// of it has happened.
fn gave_way(error: &DbErr) -> bool {
    has_code(error, &["55P03", "40P01"])
}
