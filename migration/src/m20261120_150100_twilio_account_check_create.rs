//! The last health report of an organization's Twilio account.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE TABLE twilio_account_check (
    organization_id uuid PRIMARY KEY REFERENCES organization (id) ON DELETE CASCADE,
    twilio_account_sid text,
    report jsonb NOT NULL,
    checked_at timestamptz NOT NULL
);
CREATE INDEX twilio_account_check_checked_at ON twilio_account_check (checked_at);
"#;

const DOWN: &str = r#"DROP TABLE twilio_account_check;"#;

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
