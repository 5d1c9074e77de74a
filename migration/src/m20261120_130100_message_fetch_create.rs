//! Messages of which only an event is known, and that are still to be read from Twilio.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE TABLE message_fetch (
    organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    message_id uuid NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'failed')),
    tries integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT now(),
    error text,
    PRIMARY KEY (organization_id, message_id)
);
CREATE INDEX message_fetch_message ON message_fetch (message_id);
CREATE INDEX message_fetch_waiting ON message_fetch (next_try_at) WHERE state = 'pending';
"#;

const DOWN: &str = r#"DROP TABLE message_fetch;"#;

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
