use std::{io, time::Duration};

/// A cluster that takes longer than this to answer after a start is broken.
pub const START_TIMEOUT: Duration = Duration::from_secs(60);

/// The cluster could not be started.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedPostgresError {
    #[error(
        "no Postgres programs (initdb, postgres) were found. Install them (Debian: apt-get install \
         postgresql), or set LOQUENT_POSTGRES_BIN to their directory, or DATABASE_URL to a server"
    )]
    NoBinaries,
    #[error("{what} failed: {detail}")]
    Command { what: &'static str, detail: String },
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    #[error("Postgres did not answer within {} s; its log is {log}", START_TIMEOUT.as_secs())]
    Timeout { log: String },
    #[error("no unprivileged user (postgres, nobody) exists to run Postgres as")]
    NoUser,
}

pub type Result<T> = std::result::Result<T, EmbeddedPostgresError>;

pub fn command_failed(what: &'static str, error: &dyn std::error::Error) -> EmbeddedPostgresError {
    EmbeddedPostgresError::Command {
        what,
        detail: error.to_string(),
    }
}

pub fn io_error(what: &str, source: io::Error) -> EmbeddedPostgresError {
    EmbeddedPostgresError::Io {
        what: what.to_owned(),
        source,
    }
}
