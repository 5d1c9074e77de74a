//! Why and when a customer may or may not be texted.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

// The time of the last change is kept apart from `opted_out_at`, which is null after START: an
// older STOP that comes late must not close what a newer START has opened, nor the other way round.
const UP: &str = r#"
ALTER TABLE contact ADD COLUMN opt_out_changed_at timestamptz;
UPDATE contact SET opt_out_changed_at = opted_out_at WHERE opted_out_at IS NOT NULL;
CREATE TABLE contact_opt_out (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    contact_id uuid NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    opted_out boolean NOT NULL,
    evidence text NOT NULL CHECK (evidence IN ('opt_out_type', 'keyword', 'error_code')),
    word text NOT NULL,
    message_sid text,
    message_id uuid,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX contact_opt_out_org_contact_recent ON contact_opt_out (organization_id, contact_id, occurred_at DESC);
CREATE INDEX contact_opt_out_contact ON contact_opt_out (contact_id);
"#;

const DOWN: &str = r#"
DROP TABLE contact_opt_out;
ALTER TABLE contact DROP COLUMN opt_out_changed_at;
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
