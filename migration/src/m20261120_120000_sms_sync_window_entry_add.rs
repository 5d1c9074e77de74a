//! Where a part of a list without a filter by date begins, so that the part before it can end
//! there; and the time that a part has reached, for messages that tell none.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
ALTER TABLE sms_sync_window ADD COLUMN entry_after text, ADD COLUMN first_sid text,
    ADD COLUMN reached_at timestamptz;
"#;

const DOWN: &str = r#"ALTER TABLE sms_sync_window DROP COLUMN entry_after, DROP COLUMN first_sid, DROP COLUMN reached_at;"#;

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
