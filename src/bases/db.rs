//! The connection to Postgres.

use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr};
use secrecy::{ExposeSecret, SecretString};

/// Twilio waits 5 s for an answer; a connection that takes longer than this to get means 503.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// No query of a request takes longer; a stuck one must not hold its connection for ever.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(30);

/// Opens the pool; connections are made as they are needed.
pub async fn connect(
    url: &SecretString,
    max_connections: u32,
) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url.expose_secret());
    options
        .max_connections(max_connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_timeout(ACQUIRE_TIMEOUT)
        .statement_timeout(STATEMENT_TIMEOUT)
        .set_application_name("loquent")
        .sqlx_logging(false);
    Database::connect(options).await
}

/// Brings the schema up to date. Several nodes may do it at once: a lock lets them in one by one.
pub async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
    use sea_orm::{ConnectionTrait, TransactionTrait};

    // Any number, as long as nobody else uses it.
    const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(4812230617)";
    let guard = db.begin().await?;
    guard.execute_unprepared(MIGRATION_LOCK).await?;
    Migrator::up(db, None).await?;
    guard.commit().await
}

/// Whether Postgres was not there, or went away, while it was asked: trying again later is right,
/// and nothing is wrong with what was asked.
pub fn is_outage(error: &DbErr) -> bool {
    use sqlx::Error;

    let cause = match error {
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => return true,
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            cause
        }
        _ => return false,
    };
    match &**cause {
        Error::Io(_)
        | Error::Tls(_)
        | Error::Protocol(_)
        | Error::PoolTimedOut
        | Error::PoolClosed
        | Error::WorkerCrashed => true,
        // Connections, shutdown and start:
        // https://www.postgresql.org/docs/current/errcodes-appendix.html
        Error::Database(error) => error.code().is_some_and(|code| {
            code.starts_with("08") || ["57P01", "57P02", "57P03"].contains(&code.as_ref())
        }),
        _ => false,
    }
}
