//! No wait without an end: the one way to wait for the database.

use std::{io, sync::Arc, time::Duration};

use sea_orm::{DbErr, RuntimeErr};

/// The database gave no answer in time. It may be silent for good: the line to it may have been
/// cut without a word, which TCP alone notices after a quarter of an hour, or never.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the database did not answer within {0:?}")]
pub struct NoAnswer(pub Duration);

/// Waits for the database for a limited time. What is cut off drops its connection.
pub async fn within<T, E: From<NoAnswer>>(
    limit: Duration,
    answer: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    tokio::time::timeout(limit, answer)
        .await
        .unwrap_or_else(|_| Err(NoAnswer(limit).into()))
}

impl From<NoAnswer> for sqlx::Error {
    fn from(error: NoAnswer) -> Self {
        Self::Io(io::Error::new(io::ErrorKind::TimedOut, error))
    }
}

impl From<NoAnswer> for DbErr {
    fn from(error: NoAnswer) -> Self {
        Self::Conn(RuntimeErr::SqlxError(Arc::new(error.into())))
    }
}

impl From<NoAnswer> for graphile_worker::DbError {
    fn from(error: NoAnswer) -> Self {
        Self::new(error.to_string())
    }
}
