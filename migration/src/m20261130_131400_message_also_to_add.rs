//! The other numbers of a text to a group, why a text waits to be sent, and Twilio's words for
//! statuses that we do not know.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = "
ALTER TABLE message ADD COLUMN also_to text[], ADD COLUMN delay_reason text;
ALTER TABLE message_event ADD COLUMN status_word text;
";

const DOWN: &str = "
ALTER TABLE message_event DROP COLUMN status_word;
ALTER TABLE message DROP COLUMN also_to, DROP COLUMN delay_reason;
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
