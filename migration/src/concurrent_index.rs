//! Indexes on tables that grow.

use sea_orm_migration::{prelude::*, sea_orm::ConnectionTrait};

/// Whether two rows may have the same values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexKind {
    Plain,
    Unique,
}

/// An index that is made while others write to its table.
///
/// A plain `CREATE INDEX` keeps writers out until it is done, which on a table of millions of rows
/// is minutes without intake. This takes longer, but blocks nobody. It cannot be part of a
/// transaction, so its step says `use_transaction() -> Some(false)` and does nothing else.
#[derive(Debug, Clone, Copy)]
pub struct ConcurrentIndex {
    pub name: &'static str,
    pub kind: IndexKind,
    /// Table, columns and condition: `message (organization_id, created_at) WHERE …`.
    pub on: &'static str,
}

impl ConcurrentIndex {
    /// Makes the index, unless it is there. What an earlier try left half built is removed first.
    pub async fn create(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let conn = manager.get_connection();
        // It waits for older transactions to end, which may take long, but nobody waits for it.
        conn.execute_unprepared("SET lock_timeout = 0").await?;
        match self.find(manager).await? {
            Some(Built::Whole) => return Ok(()),
            Some(Built::Broken) => self.remove(manager).await?,
            None => {}
        }
        let unique = match self.kind {
            IndexKind::Plain => "",
            IndexKind::Unique => "UNIQUE ",
        };
        let Self { name, on, .. } = self;
        let create = format!("CREATE {unique}INDEX CONCURRENTLY {name} ON {on}");
        conn.execute_unprepared(&create).await.map(drop)
    }

    /// Removes the index, if it is there.
    pub async fn remove(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let remove = format!("DROP INDEX CONCURRENTLY IF EXISTS {}", self.name);
        let conn = manager.get_connection();
        conn.execute_unprepared("SET lock_timeout = 0").await?;
        conn.execute_unprepared(&remove).await.map(drop)
    }

    async fn find(&self, manager: &SchemaManager<'_>) -> Result<Option<Built>, DbErr> {
        let conn = manager.get_connection();
        let find = format!(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{}')",
            self.name
        );
        let found = conn
            .query_one_raw(sea_orm_migration::sea_orm::Statement::from_string(
                conn.get_database_backend(),
                find,
            ))
            .await?;
        let Some(row) = found else { return Ok(None) };
        let valid: bool = row.try_get("", "indisvalid")?;
        Ok(Some(if valid { Built::Whole } else { Built::Broken }))
    }
}

enum Built {
    Whole,
    /// The building was ended in the middle; queries do not use it, and writers keep it up to date.
    Broken,
}
