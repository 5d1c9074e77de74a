//! `DATABASE_URL`, parsed first: it holds a password, which must not reach the log through an error
//! of a library.

use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;

/// What the library understands after the `?`; another word would be logged with its value.
const PARAMETERS: [&str; 16] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "options",
];

/// What is wrong with `DATABASE_URL`, without any part of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    #[error("DATABASE_URL must begin with postgres:// or postgresql://")]
    Scheme,
    #[error(
        "DATABASE_URL cannot be read; it must be like postgres://user:password@host:5432/database, \
         with special characters of the password percent-encoded (# as %23, / as %2F, ? as %3F, \
         @ as %40)"
    )]
    Form,
    #[error(
        "DATABASE_URL has a parameter after the ? that is not known, or a ? in its password that \
         is not percent-encoded (as %3F)"
    )]
    Parameter,
}

/// Reads the address of the database. Every `#`, `/` and `?` of a password that is not encoded is
/// refused, since a part of the password would be taken for a port or a name, and be shown.
pub fn parse_database_url(url: &SecretString) -> Result<PgConnectOptions, DatabaseUrlError> {
    let url = url.expose_secret().trim();
    if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
        return Err(DatabaseUrlError::Scheme);
    }
    let parsed = reqwest::Url::parse(url).map_err(|_| DatabaseUrlError::Form)?;
    if parsed.fragment().is_some() || parsed.path().contains('@') {
        return Err(DatabaseUrlError::Form);
    }
    let is_known = |key: &str| PARAMETERS.contains(&key) || key.starts_with("options[");
    if !parsed.query_pairs().all(|(key, _)| is_known(&key)) {
        return Err(DatabaseUrlError::Parameter);
    }
    PgConnectOptions::from_str(url)
        // A pooler refuses what it does not know at the start; Postgres does without it since 12.
        .map(|options| options.extra_float_digits(None))
        .map_err(|_| DatabaseUrlError::Form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<PgConnectOptions, DatabaseUrlError> {
        parse_database_url(&url.to_owned().into())
    }

    #[test]
    fn an_address_is_read_or_refused_without_a_word_of_it() {
        let sound = parse("postgres://me:p%23w@db.example:5433/sms?sslmode=require");
        let sound = sound.expect("sound");
        assert_eq!((sound.get_host(), sound.get_port()), ("db.example", 5433));
        assert!(parse("postgresql:///sms?host=/run/postgresql").is_ok());
        for (url, error) in [
            ("mysql://me:secret@db/sms", DatabaseUrlError::Scheme),
            ("postgres://me:12#secret@db/sms", DatabaseUrlError::Form),
            ("postgres://me:se#cret@db/sms", DatabaseUrlError::Form),
            ("postgres://me:12/secret@db/sms", DatabaseUrlError::Form),
            (
                "postgres://me:12?secret@db/sms",
                DatabaseUrlError::Parameter,
            ),
            ("postgres://me:secret@db:port/sms", DatabaseUrlError::Form),
        ] {
            assert_eq!(parse(url).expect_err(url), error);
            assert!(!error.to_string().contains("secret"));
        }
    }
}
