//! How much of the operator's Twilio account an organization may use.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

// Whoever is alone on the installation keeps the whole account. Where there are several, each that
// uses the account keeps the numbers that it has, and nobody sees those of the others; one that
// brings its own account was never meant to use the shared one. A program of the version before
// makes organizations without the column: they get what later ones get.
const UP: &str = r#"
ALTER TABLE organization ADD COLUMN shared_twilio text NOT NULL DEFAULT 'assigned'
    CHECK (shared_twilio IN ('none', 'assigned', 'whole'));
CREATE TABLE shared_number (
    account_sid text NOT NULL,
    number text NOT NULL,
    organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    source text NOT NULL CHECK (source IN ('assigned', 'bought')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_sid, number)
);
CREATE INDEX shared_number_org ON shared_number (organization_id, account_sid);
UPDATE organization SET shared_twilio = 'whole' WHERE (SELECT count(*) FROM organization) = 1;
UPDATE organization SET shared_twilio = 'none' WHERE byo_twilio AND shared_twilio = 'assigned';
INSERT INTO shared_number (account_sid, number, organization_id, source, created_at)
SELECT DISTINCT ON (p.twilio_account_sid, p.number)
       p.twilio_account_sid, p.number, p.organization_id, 'assigned', p.created_at
FROM phone_number p JOIN organization o ON o.id = p.organization_id
WHERE o.shared_twilio = 'assigned' AND p.released_at IS NULL
ORDER BY p.twilio_account_sid, p.number, p.created_at, p.id;
"#;

const DOWN: &str = r#"
DROP TABLE shared_number;
ALTER TABLE organization DROP COLUMN shared_twilio;
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
