//! Tokens of which Twilio could not be asked whether they are still good.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

// By their hash, wherever a token is kept: those of the environment are never in the database.
const UP: &str = r#"
CREATE TABLE doubted_token (
    account_sid text NOT NULL,
    token_sha256 bytea NOT NULL,
    doubted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_sid, token_sha256)
);
"#;

const DOWN: &str = r#"DROP TABLE doubted_token;"#;

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
