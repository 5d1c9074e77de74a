//! The addresses of the events that are there.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, Statement},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Events of one statement.
const BATCH: i64 = 2_000;

// A payload that Postgres cannot read names nobody.
const READER: &str = "
SET lock_timeout = 0;
CREATE OR REPLACE FUNCTION loquent_event_address(payload text, name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE jsonb_typeof(payload::jsonb #> ARRAY['data', name])
        WHEN 'string' THEN left(payload::jsonb #>> ARRAY['data', name], 320) END;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;
";

const DROP_READER: &str = "DROP FUNCTION loquent_event_address";

const FILL: &str = "
WITH batch AS MATERIALIZED (
    SELECT id FROM twilio_event WHERE id > $1 ORDER BY id LIMIT $2
), filled AS (
    UPDATE twilio_event e SET
        from_address = loquent_event_address(e.payload, 'from'),
        to_address = loquent_event_address(e.payload, 'to')
    FROM batch b WHERE e.id = b.id AND e.from_address IS NULL AND e.to_address IS NULL
)
SELECT max(id) AS last FROM batch
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// Each batch is a transaction of its own.
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let conn = manager.get_connection();
        conn.execute_unprepared(READER).await?;
        let mut after = 0_i64;
        loop {
            let values = [after.into(), BATCH.into()];
            let fill = Statement::from_sql_and_values(conn.get_database_backend(), FILL, values);
            let last: Option<i64> = match conn.query_one_raw(fill).await? {
                Some(row) => row.try_get("", "last")?,
                None => None,
            };
            let Some(last) = last else { break };
            after = last;
        }
        conn.execute_unprepared(DROP_READER).await.map(drop)
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
