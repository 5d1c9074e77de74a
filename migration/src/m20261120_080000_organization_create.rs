//! An organization is a tenant; its Twilio token is sealed.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE TABLE organization (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    byo_twilio boolean NOT NULL DEFAULT false,
    twilio_account_sid text,
    twilio_auth_token bytea,
    twilio_auth_token_previous bytea,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX organization_twilio_account_sid ON organization (twilio_account_sid) WHERE twilio_account_sid IS NOT NULL;
"#;

const DOWN: &str = r#"DROP TABLE organization;"#;

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
