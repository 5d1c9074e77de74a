//! The one way to wait for the database: with a limit.

use std::{io, sync::Arc, time::Duration};

use sea_orm::{DbErr, RuntimeErr};

/// The database did not answer in time. The connection may have been cut silently, which TCP alone
/// notices after a quarter of an hour, or never.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the database did not answer within {0:?}")]
pub struct NoAnswer(pub Duration);

/// Waits for the database for a limited time. After that, the connection is dropped.
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
