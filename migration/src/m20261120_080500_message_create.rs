//! Messages and the record of everything that happened to them.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE TABLE message (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    contact_id uuid REFERENCES contact (id) ON DELETE CASCADE,
    phone_number_id uuid REFERENCES phone_number (id) ON DELETE SET NULL,
    channel text NOT NULL DEFAULT 'sms',
    direction text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    body text,
    from_address text NOT NULL,
    to_address text NOT NULL,
    status text NOT NULL,
    external_id text,
    source text,
    num_media integer NOT NULL DEFAULT 0,
    num_segments integer,
    error_code integer,
    error_message text,
    sent_by_user_id uuid REFERENCES "user" (id) ON DELETE SET NULL,
    client_key uuid,
    attempt integer NOT NULL DEFAULT 1,
    send_started_at timestamptz,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    delivered_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX message_org_external_id ON message (organization_id, external_id);
CREATE UNIQUE INDEX message_org_client_key ON message (organization_id, client_key) WHERE client_key IS NOT NULL;
CREATE INDEX message_org_contact_recent ON message (organization_id, contact_id, created_at DESC, id DESC);
CREATE INDEX message_org_in_flight ON message (organization_id, to_address, from_address) WHERE external_id IS NULL AND status = 'queued';
CREATE TABLE message_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    message_id uuid NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    status text NOT NULL,
    source text NOT NULL,
    applied boolean NOT NULL,
    error_code integer,
    error_message text,
    payload text,
    dedup_key text NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX message_event_org_message_key ON message_event (organization_id, message_id, dedup_key);
"#;

const DOWN: &str = r#"DROP TABLE message_event, message;"#;

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
