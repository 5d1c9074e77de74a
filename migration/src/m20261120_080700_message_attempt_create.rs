//! The Twilio SIDs that a message had before it was sent again.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE TABLE message_attempt (
    organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    external_id text NOT NULL,
    message_id uuid NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    attempt integer NOT NULL,
    PRIMARY KEY (organization_id, external_id)
);
"#;

const DOWN: &str = r#"DROP TABLE message_attempt;"#;

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
