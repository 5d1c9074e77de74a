use std::time::Duration;

use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::bases::{db::Db, error::AppError, sql};

/// How long to wait for another change of the same account: a plan of a few calls takes seconds.
/// Longer than a lease, so that a caller outwaits a dead node.
const PATIENCE: Duration = Duration::from_secs(28);
/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(100);

// The lease is renewed before each call, and a call is given up after 20 s: whoever takes over a
// lease that has run out finds no call of the other's under way.
const TAKE: &str = "
INSERT INTO twilio_account_lease (account_sid, owner, until)
VALUES ($1, $2, clock_timestamp() + interval '25 seconds')
ON CONFLICT (account_sid) DO UPDATE SET owner = EXCLUDED.owner, until = EXCLUDED.until
WHERE twilio_account_lease.until < clock_timestamp()
RETURNING owner
";
// Also if it has run out: it is ours until somebody else takes it.
const RENEW: &str = "
UPDATE twilio_account_lease SET until = clock_timestamp() + interval '25 seconds'
WHERE account_sid = $1 AND owner = $2
RETURNING owner
";
const RELEASE: &str = "DELETE FROM twilio_account_lease WHERE account_sid = $1 AND owner = $2";

#[derive(FromQueryResult)]
struct Lease {
    owner: Uuid,
}

/// The lease of a Twilio account: nobody else changes it meanwhile, on any node. It is a row with a
/// time, not a lock of a connection, so it survives a lost connection. It ends when dropped, and
/// soon after the program dies.
#[derive(Debug)]
pub struct AccountLock {
    db: Db,
    account_sid: String,
    owner: Uuid,
    is_released: bool,
}

impl AccountLock {
    /// Waits for its turn; 409 after a while.
    pub async fn acquire(db: &Db, account_sid: &str) -> Result<Self, AppError> {
        let lock = Self {
            db: db.clone(),
            account_sid: account_sid.to_owned(),
            owner: Uuid::now_v7(),
            is_released: false,
        };
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !lock.run(db, TAKE).await? {
            if tokio::time::Instant::now() > deadline {
                return Err(AppError::conflict(
                    "Somebody else is changing this Twilio account right now. Look again in a \
                     moment.",
                ));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(lock)
    }

    /// Holds the account for one more call; 409 if somebody else has it by now. Call it in the
    /// transaction that writes the call down: either both happen, or none.
    pub async fn renew(&self, conn: &impl ConnectionTrait) -> Result<(), AppError> {
        if self.run(conn, RENEW).await? {
            return Ok(());
        }
        Err(AppError::conflict(
            "This took too long, and somebody else has begun to change this Twilio account. Look \
             at what was done, and begin again.",
        ))
    }

    /// Releases the account. Dropping does the same a little later.
    pub async fn release(mut self) {
        self.is_released = true;
        release(&self.db, &self.account_sid, self.owner).await;
    }

    async fn run(&self, conn: &impl ConnectionTrait, sql: &str) -> Result<bool, AppError> {
        let values = [self.account_sid.clone().into(), self.owner.into()];
        let lease = sql::row::<Lease>(conn, sql, values).await?;
        Ok(lease.is_some_and(|lease| lease.owner == self.owner))
    }
}

impl Drop for AccountLock {
    fn drop(&mut self) {
        if self.is_released {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let (db, account_sid, owner) = (self.db.clone(), self.account_sid.clone(), self.owner);
        runtime.spawn(async move { release(&db, &account_sid, owner).await });
    }
}

async fn release(db: &Db, account_sid: &str, owner: Uuid) {
    let values = [account_sid.into(), owner.into()];
    if let Err(error) = sql::run(db, RELEASE, values).await {
        tracing::debug!(%error, "the lease of a Twilio account was not released; it runs out by itself");
    }
}
