//! Tokens that Twilio does not accept any more: no signature of theirs counts.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

// Those of the environment are kept by their hash: the database never holds them.
const UP: &str = r#"
ALTER TABLE organization ADD COLUMN twilio_token_refused_at timestamptz;
CREATE TABLE refused_shared_token (
    account_sid text NOT NULL,
    token_sha256 bytea NOT NULL,
    refused_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_sid, token_sha256)
);
"#;

const DOWN: &str = r#"
DROP TABLE refused_shared_token;
ALTER TABLE organization DROP COLUMN twilio_token_refused_at;
"#;

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
