//! Foreign keys look for a message's delivery log and attempts by the message alone: removing one
//! went through all of them before. Everything else names the organization, too.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = "
CREATE UNIQUE INDEX message_event_message_key
    ON message_event (message_id, organization_id, dedup_key);
DROP INDEX message_event_org_message_key;
CREATE INDEX message_attempt_message ON message_attempt (message_id);
";

const DOWN: &str = "
CREATE UNIQUE INDEX message_event_org_message_key
    ON message_event (organization_id, message_id, dedup_key);
DROP INDEX message_event_message_key;
DROP INDEX message_attempt_message;
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
