use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, QueryFilter,
};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use super::{SessionKey, session_util::USER_KEY};
use crate::{
    bases::{db::Db, ids::UserId, sql},
    entities::session,
};

/// Sessions in Postgres, so that any node can serve any browser.
#[derive(Clone)]
pub struct PostgresSessionStore {
    db: Db,
}

// A session without a user, or of an epoch that has ended, is none.
const LOAD: &str = r#"
SELECT s.data, s.expires_at
FROM session s
JOIN "user" u ON u.id = s.user_id
WHERE s.token_hash = $1 AND s.expires_at > now()
  AND COALESCE((s.data ->> 'epoch')::integer, 0) = u.session_epoch
"#;

#[derive(FromQueryResult)]
struct Row {
    data: serde_json::Value,
    expires_at: DateTime<Utc>,
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
        let row = session::ActiveModel {
            token_hash: Set(SessionKey::of(record.id).to_vec()),
            user_id: Set(user_of(record)),
            data: Set(data_of(record)?),
            expires_at: Set(expiry(record)),
        };
        row.insert(&self.db).await.map(drop).map_err(failed)
    }

    /// Changes a session that is there; one that was ended meanwhile stays ended.
    async fn save(&self, record: &Record) -> Result<()> {
        session::Entity::update_many()
            .set(session::ActiveModel {
                data: Set(data_of(record)?),
                expires_at: Set(expiry(record)),
                ..Default::default()
            })
            .filter(session::Column::TokenHash.eq(SessionKey::of(record.id).to_vec()))
            .exec(&self.db)
            .await
            .map(drop)
            .map_err(failed)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let values = [SessionKey::of(*id).to_vec().into()];
        let found = sql::row::<Row>(&self.db, LOAD, values).await;
        let Some(row) = found.map_err(failed)? else {
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
        session::Entity::delete_by_id(SessionKey::of(*id).to_vec())
            .exec(&self.db)
            .await
            .map(drop)
            .map_err(failed)
    }
}

fn user_of(record: &Record) -> Option<UserId> {
    record.data.get(USER_KEY)?.as_str()?.parse().ok()
}

fn data_of(record: &Record) -> Result<serde_json::Value> {
    serde_json::to_value(&record.data).map_err(|error| Error::Encode(error.to_string()))
}

fn failed(error: sea_orm::DbErr) -> Error {
    Error::Backend(error.to_string())
}

fn expiry(record: &Record) -> DateTime<Utc> {
    DateTime::from_timestamp(record.expiry_date.unix_timestamp(), 0).unwrap_or(DateTime::UNIX_EPOCH)
}
