//! The Twilio numbers of an organization.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE TABLE phone_number (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    twilio_account_sid text NOT NULL,
    twilio_sid text NOT NULL,
    number text NOT NULL,
    friendly_name text NOT NULL,
    sms_enabled boolean NOT NULL DEFAULT true,
    mms_enabled boolean NOT NULL DEFAULT false,
    voice_enabled boolean NOT NULL DEFAULT false,
    previous_voice_url text,
    previous_sms_url text,
    released_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX phone_number_org_number ON phone_number (organization_id, number);
CREATE INDEX phone_number_number ON phone_number (number) WHERE released_at IS NULL;
"#;

const DOWN: &str = r#"DROP TABLE phone_number;"#;

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
