//! Attempts to sign in, counted before the password is looked at.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, TransactionTrait,
    Value,
};

use crate::{
    bases::{db::Db, error::AppError, http::ClientAddress, sql},
    entities::login_attempt,
    mods::auth::utils::DeviceToken,
};

/// Longer ones are nobody's; they are counted by their beginning.
const MAX_EMAIL_CHARACTERS: usize = 320;
/// In `ROOM`, too.
const WINDOW_SECONDS: u64 = 15 * 60;

/// Where an attempt comes from.
#[derive(Clone)]
pub struct SignInOrigin {
    pub address: ClientAddress,
    /// The browser, if somebody has signed in with it before.
    pub device: Option<DeviceToken>,
}

/// An attempt, and what it is counted by. All attempts of strangers at an account count together,
/// and all from their address. A browser that the account's user has signed in with is counted by
/// itself: nobody else can lock it out.
pub(super) struct SignInAttempt {
    email: String,
    network: String,
    device_hash: Option<Vec<u8>>,
}

/// A row of `login_attempt`: it counts as failed, until it is taken back.
pub(super) struct ReservedAttempt(i64);

const FIND_DEVICE: &str = r#"
SELECT true AS is_known FROM sign_in_device d JOIN "user" u ON u.id = d.user_id
WHERE d.token_hash = $1 AND u.email = $2
"#;

#[derive(FromQueryResult)]
struct Known {
    is_known: bool,
}

// Ten are enough for a person who mistypes and too few for one who guesses. An office shares an
// address, so it may fail more often.
const ROOM: &str = "
CASE WHEN $3::bytea IS NULL THEN
    (SELECT count(*) FROM login_attempt
     WHERE email = $1 AND device_hash IS NULL AND attempted_at > now() - interval '15 minutes') < 10
    AND (SELECT count(*) FROM login_attempt
     WHERE address = $2 AND device_hash IS NULL AND attempted_at > now() - interval '15 minutes') < 50
ELSE
    (SELECT count(*) FROM login_attempt
     WHERE device_hash = $3::bytea AND attempted_at > now() - interval '15 minutes') < 10
END";

#[derive(FromQueryResult)]
struct Room {
    has_room: bool,
}

#[derive(FromQueryResult)]
struct Reserved {
    id: i64,
}

impl SignInAttempt {
    /// Looks whether the browser is one that the account's user has signed in with.
    pub(super) async fn new(
        conn: &impl ConnectionTrait,
        email: &str,
        origin: &SignInOrigin,
    ) -> Result<Self, AppError> {
        let mut device_hash = origin.device.as_ref().map(DeviceToken::hash);
        if let Some(hash) = device_hash.clone() {
            let values = [hash.into(), email.into()];
            let known = sql::row::<Known>(conn, FIND_DEVICE, values).await?;
            if !known.is_some_and(|known| known.is_known) {
                device_hash = None;
            }
        }
        Ok(Self {
            email: email.chars().take(MAX_EMAIL_CHARACTERS).collect(),
            network: origin.address.network(),
            device_hash,
        })
    }

    /// Whether the browser is one that the account's user has signed in with.
    pub(super) fn is_of_known_device(&self) -> bool {
        self.device_hash.is_some()
    }

    /// 429 where too many have failed already. It keeps those from waiting who would be refused
    /// anyway; only [`SignInAttempt::reserve`] decides.
    pub(super) async fn refuse_early(&self, conn: &impl ConnectionTrait) -> Result<(), AppError> {
        let look = format!("SELECT {ROOM} AS has_room");
        let room = sql::row::<Room>(conn, look, self.values()).await?;
        if room.is_some_and(|room| room.has_room) {
            Ok(())
        } else {
            Err(self.refused())
        }
    }

    /// Counts the attempt as one that failed; 429 where too many have. Of several at once, on any
    /// node, no more get through than the limit allows.
    pub(super) async fn reserve(&self, db: &Db) -> Result<ReservedAttempt, AppError> {
        let transaction = db.begin().await?;
        // Always in this order, so that two cannot deadlock.
        let keys = match &self.device_hash {
            Some(hash) => vec![format!("sign_in:{}", hex::encode(hash))],
            None => vec![
                format!("sign_in:email:{}", self.email),
                format!("sign_in:network:{}", self.network),
            ],
        };
        for key in keys {
            sql::run(
                &transaction,
                "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
                [key.into()],
            )
            .await?;
        }
        let insert = format!(
            "INSERT INTO login_attempt (email, address, device_hash, attempted_at)
             SELECT $1, $2, $3::bytea, now() WHERE {ROOM} RETURNING id"
        );
        let reserved = sql::row::<Reserved>(&transaction, insert, self.values()).await?;
        transaction.commit().await?;
        reserved
            .map(|row| ReservedAttempt(row.id))
            .ok_or_else(|| self.refused())
    }

    fn values(&self) -> [Value; 3] {
        [
            self.email.clone().into(),
            self.network.clone().into(),
            self.device_hash.clone().into(),
        ]
    }

    fn refused(&self) -> AppError {
        tracing::warn!(
            network = self.network,
            "sign-in refused after too many failures"
        );
        AppError::TooManyRequests {
            retry_after_seconds: WINDOW_SECONDS,
        }
    }
}

impl ReservedAttempt {
    /// The password was right: nothing failed.
    pub(super) async fn take_back(self, conn: &impl ConnectionTrait) -> Result<(), AppError> {
        login_attempt::Entity::delete_many()
            .filter(login_attempt::Column::Id.eq(self.0))
            .exec(conn)
            .await?;
        Ok(())
    }
}
