//! The files of messages.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE TABLE message_attachment (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    message_id uuid NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    position integer NOT NULL,
    sync_run_id uuid REFERENCES sms_sync_run (id) ON DELETE SET NULL,
    media_sid text,
    content_type text,
    bytes bigint,
    sha256 text,
    object_key text,
    state text NOT NULL CHECK (state IN ('pending', 'stored', 'failed')),
    error text,
    tries integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX message_attachment_org_message_position ON message_attachment (organization_id, message_id, position);
CREATE INDEX message_attachment_message ON message_attachment (message_id);
CREATE INDEX message_attachment_waiting ON message_attachment (next_try_at) WHERE state = 'pending';
CREATE INDEX message_attachment_org_run_waiting ON message_attachment (organization_id, sync_run_id) WHERE state = 'pending';
"#;

const DOWN: &str = r#"DROP TABLE message_attachment;"#;

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
