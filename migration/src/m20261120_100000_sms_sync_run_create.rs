//! Runs of an import, and the parts of each.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE TABLE sms_sync_run (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    phone_number_id uuid NOT NULL REFERENCES phone_number (id) ON DELETE CASCADE,
    since date,
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
    phase text NOT NULL,
    fetched bigint NOT NULL DEFAULT 0,
    new_count bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0,
    parts_done integer NOT NULL DEFAULT 0,
    parts_total integer NOT NULL DEFAULT 0,
    media_total bigint NOT NULL DEFAULT 0,
    media_downloaded bigint NOT NULL DEFAULT 0,
    media_failed bigint NOT NULL DEFAULT 0,
    error text,
    requested_by_user_id uuid REFERENCES "user" (id) ON DELETE SET NULL,
    lease_owner uuid,
    lease_until timestamptz,
    started_at timestamptz NOT NULL,
    messages_in_at timestamptz,
    finished_at timestamptz
);
CREATE UNIQUE INDEX sms_sync_run_org_number_running ON sms_sync_run (organization_id, phone_number_id) WHERE state = 'running';
CREATE INDEX sms_sync_run_org_number_recent ON sms_sync_run (organization_id, phone_number_id, started_at DESC);
CREATE INDEX sms_sync_run_lease ON sms_sync_run (lease_until) WHERE state = 'running';
CREATE TABLE sms_sync_window (
    organization_id uuid NOT NULL,
    run_id uuid NOT NULL REFERENCES sms_sync_run (id) ON DELETE CASCADE,
    position integer NOT NULL,
    side text NOT NULL CHECK (side IN ('to', 'from')),
    kind text NOT NULL CHECK (kind IN ('all', 'dates', 'undated')),
    from_date date,
    to_date date,
    next_page text,
    done boolean NOT NULL DEFAULT false,
    PRIMARY KEY (organization_id, run_id, position)
);
"#;

const DOWN: &str = r#"DROP TABLE sms_sync_window, sms_sync_run;"#;

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
