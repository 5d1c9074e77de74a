use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use sha2::{Digest, Sha256};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::bases::db::Db;
use crate::entities::session;

/// Sessions in Postgres, so that any node can serve any browser.
///
/// The key is the SHA-256 of the cookie's id: who reads the table cannot sign in with it.
#[derive(Clone)]
pub struct PostgresSessionStore {
    db: Db,
}

impl PostgresSessionStore {
    /// A store on the given database.
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

impl fmt::Debug for PostgresSessionStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresSessionStore")
    }
}

#[async_trait]
impl SessionStore for PostgresSessionStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // Ids have 128 random bits; two are never the same.
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let row = session::ActiveModel {
            token_hash: Set(hash(record.id)),
            data: Set(serde_json::to_value(&record.data).map_err(|e| Error::Encode(e.to_string()))?),
            expires_at: Set(expiry(record)),
        };
        let update = OnConflict::column(session::Column::TokenHash)
            .update_columns([session::Column::Data, session::Column::ExpiresAt])
            .to_owned();
        session::Entity::insert(row)
            .on_conflict(update)
            .exec_without_returning(&self.db)
            .await
            .map(drop)
            .map_err(|error| Error::Backend(error.to_string()))
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = session::Entity::find_by_id(hash(*id))
            .one(&self.db)
            .await
            .map_err(|error| Error::Backend(error.to_string()))?;
        let Some(row) = found.filter(|row| row.expires_at > Utc::now()) else {
            return Ok(None);
        };
        let data = serde_json::from_value(row.data).map_err(|e| Error::Decode(e.to_string()))?;
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(row.expires_at.timestamp())
            .map_err(|e| Error::Decode(e.to_string()))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        session::Entity::delete_by_id(hash(*id))
            .exec(&self.db)
            .await
            .map(drop)
            .map_err(|error| Error::Backend(error.to_string()))
    }
}

fn hash(id: Id) -> Vec<u8> {
    Sha256::digest(id.0.to_be_bytes()).to_vec()
}

fn expiry(record: &Record) -> DateTime<Utc> {
    DateTime::from_timestamp(record.expiry_date.unix_timestamp(), 0).unwrap_or(DateTime::UNIX_EPOCH)
}
