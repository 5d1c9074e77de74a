//! The order of messages of one second, taken where their posts come in.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

// A constant default writes no row. Afterwards a node of the version before, which knows nothing of
// positions, gets the time at which it stores a message.
const UP: &str = "
ALTER TABLE message ADD COLUMN position bigint NOT NULL DEFAULT 0, ADD COLUMN stated_at timestamptz;
ALTER TABLE message ALTER COLUMN position
    SET DEFAULT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
ALTER TABLE twilio_event ADD COLUMN position bigint NOT NULL DEFAULT 0;
ALTER TABLE twilio_event ALTER COLUMN position
    SET DEFAULT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
ALTER TABLE conversation ADD COLUMN last_message_position bigint NOT NULL DEFAULT 0;
";

const DOWN: &str = "
ALTER TABLE conversation DROP COLUMN last_message_position;
ALTER TABLE twilio_event DROP COLUMN position;
ALTER TABLE message DROP COLUMN position, DROP COLUMN stated_at;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared(UP)
            .await
            .map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared(DOWN)
            .await
            .map(drop)
    }
}
