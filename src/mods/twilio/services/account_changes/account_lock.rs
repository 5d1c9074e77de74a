use std::time::Duration;

use sea_orm::{ConnectionTrait, FromQueryResult, Statement, TransactionTrait};

use crate::bases::db::{Db, DbTransaction};
use crate::bases::error::AppError;

/// How long to wait for somebody else's change of the same account: a plan of a few calls takes
/// seconds.
const PATIENCE: Duration = Duration::from_secs(15);
/// Between two attempts. The connection is given back meanwhile, so that those who wait do not
/// keep the one who works from getting its own.
const PAUSE: Duration = Duration::from_millis(100);

const LOCK: &str = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS locked";

const STAY: &str = "SET LOCAL idle_in_transaction_session_timeout = 0";

#[derive(FromQueryResult)]
struct Attempt {
    locked: bool,
}

/// Holds a Twilio account: nobody else changes it meanwhile, on any node. It ends when it is
/// dropped, also if the program dies.
#[derive(Debug)]
pub struct AccountLock(DbTransaction);

impl AccountLock {
    /// Waits for its turn; 409 after a while.
    pub async fn acquire(db: &Db, account_sid: &str) -> Result<Self, AppError> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let transaction = db.begin().await?;
            if try_lock(&transaction, account_sid).await? {
                // It is idle while Twilio is called.
                transaction.execute_unprepared(STAY).await?;
                return Ok(Self(transaction));
            }
            transaction.rollback().await?;
            if tokio::time::Instant::now() > deadline {
                return Err(AppError::conflict(
                    "Somebody else is changing this Twilio account right now. Look again in a \
                     moment.",
                ));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Gives the account free. Dropping does the same a little later.
    pub async fn release(self) {
        if let Err(error) = self.0.rollback().await {
            tracing::debug!(%error, "the lock of a Twilio account ended with its connection");
        }
    }
}

async fn try_lock(conn: &impl ConnectionTrait, account_sid: &str) -> Result<bool, AppError> {
    let key = format!("twilio_account:{account_sid}");
    let lock = Statement::from_sql_and_values(conn.get_database_backend(), LOCK, [key.into()]);
    let attempt = Attempt::find_by_statement(lock).one(conn).await?;
    Ok(attempt.is_some_and(|attempt| attempt.locked))
}
