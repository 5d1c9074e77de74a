//! What an error of the database means: outage, conflict or refusal.

use std::time::Duration;

use sea_orm::{DbErr, RuntimeErr};
use sqlx::postgres::PgDatabaseError;

use crate::bases::retry::{BackOff, EXACT, retry};

/// How soon work resumes after an outage.
const OUTAGE: BackOff = BackOff {
    first: Duration::from_millis(500),
    factor: 2,
    longest: Duration::from_secs(5),
    jitter: EXACT,
};

/// Whether the database is unavailable: gone, silent, starting, full, read-only, or too slow.
/// Nothing is wrong with the statement; retrying later is right, and no try is counted.
pub fn is_outage(error: &DbErr) -> bool {
    match error {
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            is_sqlx_outage(cause)
        }
        _ => false,
    }
}

/// An outage whose original error was lost.
pub fn outage() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("the database is away".to_owned()))
}

/// Retries until the database is available; other errors end it.
pub async fn past_outage<T, F>(what: &'static str, work: impl Fn() -> F) -> Result<T, DbErr>
where
    F: Future<Output = Result<T, DbErr>>,
{
    retry(what, &OUTAGE, Duration::MAX, is_outage, work).await
}

/// The same for an error of the library below.
pub fn is_sqlx_outage(error: &sqlx::Error) -> bool {
    use sqlx::Error;

    match error {
        Error::Io(_)
        | Error::Tls(_)
        | Error::Protocol(_)
        | Error::PoolTimedOut
        | Error::PoolClosed
        | Error::WorkerCrashed => true,
        Error::Database(refusal) => {
            let code = refusal.code().unwrap_or_default();
            is_outage_code(&code)
                || refusal
                    .try_downcast_ref::<PgDatabaseError>()
                    .is_some_and(is_of_the_storage)
        }
        _ => false,
    }
}

/// https://www.postgresql.org/docs/current/errcodes-appendix.html
fn is_outage_code(code: &str) -> bool {
    // Connections; resources (full disk, memory, connections); an operator's doing (shutdown,
    // start, a time limit); the system below (input and output).
    const CLASSES: [&str; 4] = ["08", "53", "57", "58"];
    const CODES: [&str; 7] = [
        "25006", // read only: a standby, or a fail-over under way
        "25P03", // ended for being idle in a transaction: we were silent for too long
        "25P04", // the transaction took too long
        "55P03", // waited too long for a lock
        "57014", // a statement took too long
        "26000", // a statement was prepared on another connection: a pooler in between
        "42P05", // the same, the other way round
    ];
    CLASSES.iter().any(|class| code.starts_with(class)) || CODES.contains(&code)
}

/// Errors of files have the code of what the system said: a file system that has become read-only
/// is "insufficient privilege", a full quota an "internal error". The source file, which is never
/// translated, tells them from a missing right and from a defect.
fn is_of_the_storage(error: &PgDatabaseError) -> bool {
    const STORAGE: [&str; 6] = ["md.c", "fd.c", "smgr.c", "slru.c", "xlog.c", "buffile.c"];
    ["XX000", "42501"].contains(&error.code())
        && error.file().is_some_and(|file| STORAGE.contains(&file))
}

/// Whether Postgres ended a statement in favor of another one. A retry succeeds.
pub fn is_conflict(error: &DbErr) -> bool {
    // A deadlock, or a serialization failure.
    has_code(error, &["40P01", "40001"])
}

/// Whether the database refused with one of these codes.
/// https://www.postgresql.org/docs/current/errcodes-appendix.html
pub fn has_code(error: &DbErr, codes: &[&str]) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) =
        error
    else {
        return false;
    };
    let code = cause.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| codes.contains(&code.as_ref()))
}

/// Why the database refused, for a person to read: in our words, with SQLSTATE and names. Postgres'
/// own message is left out, since it may repeat the values.
pub fn describe_db_error(error: &DbErr) -> String {
    let cause = match error {
        // Made by ourselves.
        DbErr::Custom(words) => return words.clone(),
        DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause))
        | DbErr::Conn(RuntimeErr::SqlxError(cause)) => cause,
        _ if is_outage(error) => return NOT_REACHED.to_owned(),
        _ => return NOT_AS_EXPECTED.to_owned(),
    };
    describe_sqlx_error(cause)
}

/// The same for an error of the library below.
pub fn describe_sqlx_error(error: &sqlx::Error) -> String {
    let sqlx::Error::Database(refusal) = error else {
        return if is_sqlx_outage(error) {
            NOT_REACHED.to_owned()
        } else {
            NOT_AS_EXPECTED.to_owned()
        };
    };
    let code = refusal.code().unwrap_or_default();
    let postgres = refusal.try_downcast_ref::<PgDatabaseError>();
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

const NOT_REACHED: &str = "The database could not be reached.";
const NOT_AS_EXPECTED: &str = "The database did not answer as expected; the server's log says how.";

/// https://www.postgresql.org/docs/current/errcodes-appendix.html
fn meaning_of(code: &str) -> &'static str {
    match code {
        "22001" => "a text is too long",
        "22003" => "a number is too large",
        "22021" | "22P05" => "a text holds a character that cannot be stored",
        "23502" => "a value is missing",
        "23503" => "what it refers to is not there",
        "23505" => "the same is there already",
        "23514" => "a value is not allowed",
        "25006" => "it is read-only",
        "26000" | "42P05" => {
            "a pooler in transaction mode is in between; it has to be in session mode"
        }
        "28000" | "28P01" => "it does not accept the user or the password",
        "3D000" => "there is no such database",
        "40001" | "40P01" => "somebody else changed the same at that moment",
        "53100" => "its disk is full",
        "53300" => "it has too many connections",
        "55P03" | "57014" => "it took too long",
        "57P01" | "57P02" => "it shuts down",
        "57P03" => "it is starting",
        "58030" => "its disk does not work",
        "XX001" => "a page of a table is damaged",
        "XX002" => "an index is damaged",
        _ => "the server's log says why",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_told_from_a_refusal_by_its_code() {
        for code in [
            "08006", "53100", "53200", "53300", "57014", "57P01", "57P03", "58030", "25006",
            "55P03", "26000", "42P05",
        ] {
            assert!(is_outage_code(code), "{code}");
        }
        for code in [
            "23505", "22021", "40P01", "42501", "54000", "XX000", "25P02", "",
        ] {
            assert!(!is_outage_code(code), "{code}");
        }
    }
}
