//! Comparisons of a number's messages with Twilio's list, and when its last event came.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE TABLE twilio_reconciliation (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    phone_number_id uuid NOT NULL REFERENCES phone_number (id) ON DELETE CASCADE,
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    since date NOT NULL,
    requested_by_user_id uuid REFERENCES "user" (id) ON DELETE SET NULL,
    checked bigint NOT NULL DEFAULT 0,
    missing bigint NOT NULL DEFAULT 0,
    repaired bigint NOT NULL DEFAULT 0,
    error text,
    lease_owner uuid,
    lease_until timestamptz,
    started_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE UNIQUE INDEX twilio_reconciliation_org_number_running ON twilio_reconciliation (organization_id, phone_number_id) WHERE state = 'running';
CREATE INDEX twilio_reconciliation_org_number_recent ON twilio_reconciliation (organization_id, phone_number_id, started_at DESC);
CREATE INDEX twilio_reconciliation_number_recent ON twilio_reconciliation (phone_number_id, started_at DESC);
CREATE INDEX twilio_reconciliation_lease ON twilio_reconciliation (lease_until) WHERE state = 'running';
ALTER TABLE phone_number ADD COLUMN last_event_at timestamptz;
"#;

const DOWN: &str = r#"
ALTER TABLE phone_number DROP COLUMN last_event_at;
DROP TABLE twilio_reconciliation;
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
