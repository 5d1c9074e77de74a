//! The one way to wait for the database: with a limit.

use std::{io, sync::Arc, time::Duration};

use sea_orm::{DbErr, RuntimeErr};

/// Twilio waits 5 s for an answer; a connection that takes longer than this to get means 503.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// A connection that does not answer an empty question in this time is dropped.
pub(super) const PING_LIMIT: Duration = Duration::from_secs(1);
/// Postgres ends a statement after this: nobody waits for it any longer.
pub(super) const STATEMENT_TIMEOUT: Duration = Duration::from_secs(7);
/// A statement without an answer for this long was sent on a dead connection: Postgres would have
/// ended it by now. So a silent connection is replaced within 10 s.
pub(super) const ANSWER_LIMIT: Duration = Duration::from_secs(8);

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
