//! The one thread with a contact, and the order of the inbox.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE TABLE conversation (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    contact_id uuid NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
    unread_count integer NOT NULL DEFAULT 0,
    last_message_id uuid,
    last_message_at timestamptz NOT NULL,
    last_message_preview text,
    assigned_user_id uuid REFERENCES "user" (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX conversation_org_contact ON conversation (organization_id, contact_id);
CREATE INDEX conversation_org_recent ON conversation (organization_id, last_message_at DESC, id DESC);
CREATE INDEX conversation_org_unread ON conversation (organization_id, last_message_at DESC, id DESC) WHERE unread_count > 0;
"#;

const DOWN: &str = r#"DROP TABLE conversation;"#;

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
