use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use secrecy::SecretString;

use crate::{bases::config::Config, bases::db::Db, entities::organization};

/// A look-up serves this long without asking Postgres again, so that a burst of events costs one.
const FRESH_FOR: Duration = Duration::from_secs(5);
/// Accounts kept in memory; posts that name made-up accounts must not fill it.
const MAX_ENTRIES: usize = 10_000;
/// Organizations that may bring the same account.
const MAX_ORGANIZATIONS: u64 = 20;

/// The tokens that may sign for an account: those in use, and those of a rotation.
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

    /// The same, asking Postgres again: for a signature that does not fit, since the token may
    /// have been changed a moment ago.
    pub async fn reload(&self, account_sid: &str) -> Result<Vec<SecretString>, DbErr> {
        let mut tokens = self.shared(account_sid);
        tokens.extend(self.of_organizations(account_sid).await?);
        let mut known = self.lock();
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

    fn shared(&self, account_sid: &str) -> Vec<SecretString> {
        match &self.config.shared_twilio {
            Some(shared) if shared.account_sid == account_sid => [
                Some(shared.auth_token.clone()),
                shared.previous_auth_token.clone(),
            ]
            .into_iter()
            .flatten()
            .collect(),
            _ => Vec::new(),
        }
    }

    async fn of_organizations(&self, account_sid: &str) -> Result<Vec<SecretString>, DbErr> {
        let rows = organization::Entity::find()
            .filter(organization::Column::TwilioAccountSid.eq(account_sid))
            .filter(organization::Column::ByoTwilio.eq(true))
            .limit(MAX_ORGANIZATIONS)
            .all(&self.db)
            .await?;
        let sealed = rows.into_iter().flat_map(|row| {
            let tokens = [row.twilio_auth_token, row.twilio_auth_token_previous];
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
