//! Entries of Twilio's list that could not be read, of an import and of a reconciliation.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = "
ALTER TABLE sms_sync_run ADD COLUMN unreadable text[] NOT NULL DEFAULT '{}';
ALTER TABLE twilio_reconciliation ADD COLUMN unreadable text[] NOT NULL DEFAULT '{}';
";

const DOWN: &str = "
ALTER TABLE twilio_reconciliation DROP COLUMN unreadable;
ALTER TABLE sms_sync_run DROP COLUMN unreadable;
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
