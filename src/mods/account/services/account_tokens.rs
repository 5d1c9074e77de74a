use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::{ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::{
    bases::{config::Config, db::Db, sql},
    entities::organization,
};

/// A look-up is cached this long, so that a burst of events costs one query.
const FRESH_FOR: Duration = Duration::from_secs(5);
/// Accounts kept in memory: more are connected to no installation.
const MAX_ENTRIES: usize = 10_000;
/// Organizations that may bring the same account.
const MAX_ORGANIZATIONS: u64 = 20;

const REFUSED_SHARED: &str = "SELECT token_sha256 FROM refused_shared_token WHERE account_sid = $1";

// Twilio repeats an event for 4 hours; after that nobody waits for the verdict.
const DOUBTED: &str = "
SELECT token_sha256, doubted_at > now() - interval '4 hours' AS is_open
FROM doubted_token WHERE account_sid = $1
";

#[derive(FromQueryResult)]
struct DoubtedToken {
    token_sha256: Vec<u8>,
    is_open: bool,
}

#[derive(FromQueryResult)]
struct RefusedToken {
    token_sha256: Vec<u8>,
}

/// The hash by which the database knows a token of the environment. Twilio's tokens are 128 random
/// bits, so the hash reveals nothing.
pub(super) fn token_hash(account_sid: &str, token: &SecretString) -> Vec<u8> {
    Sha256::digest(format!("{account_sid}:{}", token.expose_secret())).to_vec()
}

/// The tokens that may sign for an account: those in use and those of a rotation, but none that
/// Twilio refuses.
#[derive(Clone)]
pub struct AccountTokens {
    config: Arc<Config>,
    db: Db,
    known: Arc<Mutex<HashMap<String, Entry>>>,
}

#[derive(Clone)]
struct Entry {
    tokens: Vec<SecretString>,
    loaded: Instant,
}

impl AccountTokens {
    /// Looks up in the configuration and the database.
    pub fn new(config: Arc<Config>, db: Db) -> Self {
        Self {
            config,
            db,
            known: Arc::default(),
        }
    }

    /// All tokens of the account; none if it is not connected.
    pub async fn of(&self, account_sid: &str) -> Result<Vec<SecretString>, DbErr> {
        let known = self.lock().get(account_sid).cloned();
        match known {
            Some(entry) if entry.loaded.elapsed() < FRESH_FOR => Ok(entry.tokens),
            _ => self.reload(account_sid).await,
        }
    }

    /// The same, bypassing the cache: for a signature that does not match, since the token may just
    /// have changed.
    pub async fn reload(&self, account_sid: &str) -> Result<Vec<SecretString>, DbErr> {
        let doubted = self.doubted(account_sid).await?;
        let mut tokens = self.shared(account_sid).await?;
        tokens.extend(self.of_organizations(account_sid).await?);
        tokens.retain(|token| {
            let hash = token_hash(account_sid, token);
            !doubted.iter().any(|row| row.token_sha256 == hash)
        });
        let mut known = self.lock();
        if tokens.is_empty() {
            // Unknown accounts are not cached: anybody can make them up.
            known.remove(account_sid);
            return Ok(tokens);
        }
        if known.len() >= MAX_ENTRIES {
            known.clear();
        }
        known.insert(
            account_sid.to_owned(),
            Entry {
                tokens: tokens.clone(),
                loaded: Instant::now(),
            },
        );
        Ok(tokens)
    }

    /// Whether a signature that matches no token may still turn out to be good, because Twilio
    /// could not be asked about a token yet.
    pub async fn is_verdict_open(&self, account_sid: &str) -> Result<bool, DbErr> {
        let doubted = self.doubted(account_sid).await?;
        Ok(doubted.iter().any(|row| row.is_open))
    }

    /// The tokens that sign nothing until Twilio has been asked about them.
    async fn doubted(&self, account_sid: &str) -> Result<Vec<DoubtedToken>, DbErr> {
        sql::rows::<DoubtedToken>(&self.db, DOUBTED, [account_sid.into()]).await
    }

    /// Those of the environment, unless Twilio refuses them.
    async fn shared(&self, account_sid: &str) -> Result<Vec<SecretString>, DbErr> {
        let shared = self.config.shared_twilio.as_ref();
        let Some(shared) = shared.filter(|shared| shared.account_sid == account_sid) else {
            return Ok(Vec::new());
        };
        let refused =
            sql::rows::<RefusedToken>(&self.db, REFUSED_SHARED, [account_sid.into()]).await?;
        let tokens = [
            Some(shared.auth_token.clone()),
            shared.previous_auth_token.clone(),
        ];
        Ok(tokens
            .into_iter()
            .flatten()
            .filter(|token| {
                let hash = token_hash(account_sid, token);
                !refused.iter().any(|row| row.token_sha256 == hash)
            })
            .collect())
    }

    async fn of_organizations(&self, account_sid: &str) -> Result<Vec<SecretString>, DbErr> {
        let rows = organization::Entity::find()
            .filter(organization::Column::TwilioAccountSid.eq(account_sid))
            .filter(organization::Column::ByoTwilio.eq(true))
            .limit(MAX_ORGANIZATIONS)
            .all(&self.db)
            .await?;
        let sealed = rows.into_iter().flat_map(|row| {
            let present = row
                .twilio_auth_token
                .filter(|_| row.twilio_token_refused_at.is_none());
            let tokens = [present, row.twilio_auth_token_previous];
            tokens
                .into_iter()
                .flatten()
                .map(move |token| (row.id, token))
        });
        Ok(sealed
            .filter_map(|(id, token)| {
                let opened = self.config.master_key.open(id, &token);
                opened
                    .inspect_err(|error| tracing::error!(%error, organization_id = %id, "a token could not be opened"))
                    .ok()
            })
            .collect())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Entry>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for AccountTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountTokens")
            .field("known", &self.lock().len())
            .finish()
    }
}
