//! Which of our numbers a customer wants no texts from.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

// Twilio blocks texts by sender. Who has opted out before is known by no sender: an empty one, which
// stands for all of them.
const UP: &str = r#"
ALTER TABLE organization ADD COLUMN stop_closes_all boolean NOT NULL DEFAULT true;
CREATE TABLE contact_sender_opt_out (
    organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    contact_id uuid NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    sender text NOT NULL,
    stopped_at timestamptz,
    started_at timestamptz,
    PRIMARY KEY (organization_id, contact_id, sender)
);
CREATE INDEX contact_sender_opt_out_contact ON contact_sender_opt_out (contact_id);
INSERT INTO contact_sender_opt_out (organization_id, contact_id, sender, stopped_at)
SELECT organization_id, id, '', opted_out_at FROM contact WHERE opted_out_at IS NOT NULL;
"#;

const DOWN: &str = r#"
DROP TABLE contact_sender_opt_out;
ALTER TABLE organization DROP COLUMN stop_closes_all;
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
