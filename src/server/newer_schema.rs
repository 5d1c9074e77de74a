//! A database that a newer version of the program has migrated.

use std::collections::HashSet;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

use crate::bases::db::Db;

/// The migrations were not written by this program.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error(
        "the database is newer than this program: it has had the step {0}, which this version of \
         Loquent does not know; run the version that made it, or a later one"
    )]
    Newer(String),
}

#[derive(FromQueryResult)]
struct Applied {
    version: String,
}

#[derive(FromQueryResult)]
struct Exists {
    is_there: bool,
}

/// Refuses a database with migration steps that this program does not know, and says so.
pub async fn refuse_newer_schema(db: &Db) -> Result<(), SchemaError> {
    let statement = |sql| Statement::from_string(db.get_database_backend(), sql);
    let exists = "SELECT to_regclass('seaql_migrations') IS NOT NULL AS is_there";
    let exists = Exists::find_by_statement(statement(exists)).one(db).await?;
    if !exists.is_some_and(|exists| exists.is_there) {
        return Ok(());
    }
    let applied = "SELECT version FROM seaql_migrations ORDER BY version DESC";
    let applied = Applied::find_by_statement(statement(applied))
        .all(db)
        .await?;
    let known: HashSet<String> = Migrator::migrations()
        .iter()
        .map(|step| step.name().to_owned())
        .collect();
    match applied
        .into_iter()
        .find(|step| !known.contains(&step.version))
    {
        Some(newer) => Err(SchemaError::Newer(newer.version)),
        None => Ok(()),
    }
}
