//! Whether it is not known if Twilio took a message: its answer was lost, and is being asked for.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str =
    r#"ALTER TABLE message ADD COLUMN outcome_unknown boolean NOT NULL DEFAULT false;"#;

const DOWN: &str = r#"ALTER TABLE message DROP COLUMN outcome_unknown;"#;

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
