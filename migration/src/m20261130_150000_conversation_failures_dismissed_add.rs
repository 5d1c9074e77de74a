//! Up to when the texts that did not reach a customer were dismissed. What failed before this step
//! counts as dismissed: nobody asked for a list of old failures.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = "
ALTER TABLE conversation ADD COLUMN failures_dismissed_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE conversation ALTER COLUMN failures_dismissed_at SET DEFAULT '-infinity';
";

const DOWN: &str = "
ALTER TABLE conversation DROP COLUMN failures_dismissed_at;
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
