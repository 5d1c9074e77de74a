use sea_orm::{ConnectionTrait, DbErr, TransactionTrait};

use super::sealed_values::{add_check_value, check_values, lock_check_values, next_sealed_rows};
use crate::bases::{
    db::Db,
    ids::OrganizationId,
    secrets::{MasterKey, MasterKeyError},
};

/// The master key is not the one that the database needs.
#[derive(Debug, thiserror::Error)]
pub enum KeyCheckError {
    #[error(
        "there is no master key, but the database holds secrets that were sealed with one. Set \
         LOQUENT_MASTER_KEY, or LOQUENT_DATA_DIR to the directory that has master.key. If the key \
         is lost, `loquent key forget` gives these secrets up"
    )]
    Missing,
    #[error(
        "the master key does not open what is sealed in the database: another one was used. Set \
         LOQUENT_MASTER_KEY to that one, and during a rotation LOQUENT_MASTER_KEY_SECOND to the \
         other. If it is lost, `loquent key forget` gives these secrets up"
    )]
    Wrong,
    #[error(
        "there is no second key: set LOQUENT_MASTER_KEY to the new key and \
             LOQUENT_MASTER_KEY_SECOND to the one before"
    )]
    NoSecond,
    #[error("the master key cannot be kept: {0}")]
    File(#[from] MasterKeyError),
    #[error("the database cannot be used: {0}")]
    Database(#[from] DbErr),
}

/// What the database says of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// It is the one in use.
    InUse,
    /// It is not in use yet, and may be from now on.
    New,
}

/// Refuses a key that does not open what is sealed, and a missing one where something is.
pub async fn check_master_key_service(db: &Db, key: &MasterKey) -> Result<(), KeyCheckError> {
    let transaction = db.begin().await?;
    fit(&transaction, key).await?;
    Ok(transaction.commit().await?)
}

/// The same for a server, which may seal: keeps a new key in its file, and notes which key is in
/// use. Of several nodes that start on an empty database at once, the first one's key is taken.
pub async fn adopt_master_key_service(db: &Db, key: MasterKey) -> Result<MasterKey, KeyCheckError> {
    let transaction = db.begin().await?;
    lock_check_values(&transaction).await?;
    let fit = fit(&transaction, &key).await?;
    let key = key.keep()?;
    if fit != Fit::InUse {
        add_check_value(&transaction, &key).await?;
    }
    transaction.commit().await?;
    Ok(key)
}

async fn fit(conn: &impl ConnectionTrait, key: &MasterKey) -> Result<Fit, KeyCheckError> {
    let checks = check_values(conn).await?;
    if !checks.is_empty() {
        if key.is_new() {
            return Err(KeyCheckError::Missing);
        }
        // Two during a rotation: something may be sealed with either.
        if checks.iter().any(|check| !check.is_opened_by(key)) {
            return Err(KeyCheckError::Wrong);
        }
        let is_in_use = checks.iter().any(|check| check.is_of_first(key));
        return Ok(if is_in_use { Fit::InUse } else { Fit::New });
    }
    // A database of before these values.
    let (mut sealed, mut opened, mut after) = (false, false, OrganizationId::SMALLEST);
    loop {
        let rows = next_sealed_rows(conn, after).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        sealed = true;
        opened |= rows
            .iter()
            .any(|row| row.values().any(|value| key.open(row.id, value).is_ok()));
    }
    match (sealed, opened) {
        (true, _) if key.is_new() => Err(KeyCheckError::Missing),
        (true, false) => Err(KeyCheckError::Wrong),
        _ => Ok(Fit::New),
    }
}
