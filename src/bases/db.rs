//! The connection to Postgres.

use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, RuntimeErr, Statement,
    TransactionTrait,
};
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
///
/// It is tried for, not waited for: building an index waits for every statement that is under way,
/// also for one that waits for this lock.
pub async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
    // Any number, as long as nobody else uses it.
    const MIGRATION_LOCK: &str = "SELECT pg_try_advisory_xact_lock(4812230617) AS locked";
    const BETWEEN_TRIES: Duration = Duration::from_millis(250);
    let guard = db.begin().await?;
    loop {
        let lock = Statement::from_string(guard.get_database_backend(), MIGRATION_LOCK);
        let row = guard.query_one_raw(lock).await?;
        if row.is_some_and(|row| row.try_get("", "locked").unwrap_or(false)) {
            break;
        }
        tokio::time::sleep(BETWEEN_TRIES).await;
    }
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

/// Whether Postgres ended a statement in favor of another one that waited for it: the same again
/// goes well.
pub fn is_conflict(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) =
        error
    else {
        return false;
    };
    // A deadlock, and two transactions that cannot be put in an order.
    cause
        .as_database_error()
        .and_then(|error| error.code())
        .is_some_and(|code| ["40P01", "40001"].contains(&code.as_ref()))
}

/// Why something could not be done with the database, for a person to read: in our words, with the
/// number of the error and the names of what it is about. Postgres' own message is left out, since
/// it may repeat what was to be stored.
pub fn describe_db_error(error: &DbErr) -> String {
    if is_outage(error) {
        return "The database could not be reached.".to_owned();
    }
    let cause = match error {
        // Made by ourselves.
        DbErr::Custom(words) => return words.clone(),
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            cause
        }
        _ => return NOT_AS_EXPECTED.to_owned(),
    };
    let sqlx::Error::Database(refusal) = &**cause else {
        return NOT_AS_EXPECTED.to_owned();
    };
    let code = refusal.code().unwrap_or_default();
    let postgres = refusal.try_downcast_ref::<sqlx::postgres::PgDatabaseError>();
    let names = [
        ("table", refusal.table()),
        ("column", postgres.and_then(|error| error.column())),
        ("constraint", refusal.constraint()),
    ];
    let names: Vec<String> = names
        .into_iter()
        .filter_map(|(what, name)| Some(format!(", {what} {}", name?)))
        .collect();
    let meaning = meaning_of(&code);
    let names = names.concat();
    format!("The database refused it: {meaning} (SQLSTATE {code}{names}).")
}

const NOT_AS_EXPECTED: &str = "The database did not answer as expected; the server's log says how.";

/// https://www.postgresql.org/docs/current/errcodes-appendix.html
fn meaning_of(code: &str) -> &'static str {
    match code {
        "23502" => "a value is missing",
        "23503" => "what it refers to is not there",
        "23505" => "the same is there already",
        "23514" => "a value is not allowed",
        "22001" => "a text is too long",
        "22003" => "a number is too large",
        "22021" | "22P05" => "a text holds a character that cannot be stored",
        "40001" | "40P01" => "somebody else changed the same at that moment",
        "53100" => "its disk is full",
        "57014" => "it took too long",
        _ => "the server's log says why",
    }
}
