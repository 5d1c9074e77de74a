//! Every change that Loquent makes in a Twilio account, written down before it is made.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE TABLE twilio_account_change (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    twilio_account_sid text NOT NULL,
    requested_by_user_id uuid REFERENCES "user" (id) ON DELETE SET NULL,
    kind text NOT NULL,
    summary text NOT NULL,
    resource text NOT NULL,
    resource_sid text,
    phone_number_id uuid REFERENCES phone_number (id) ON DELETE SET NULL,
    action jsonb NOT NULL,
    value_before jsonb,
    value_after jsonb,
    state text NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
    error text,
    undo_of uuid REFERENCES twilio_account_change (id) ON DELETE CASCADE,
    undone_at timestamptz,
    created_at timestamptz NOT NULL,
    settled_at timestamptz
);
CREATE INDEX twilio_account_change_org_recent ON twilio_account_change (organization_id, created_at DESC, id DESC);
CREATE INDEX twilio_account_change_pending ON twilio_account_change (twilio_account_sid) WHERE state = 'pending';
CREATE INDEX twilio_account_change_org_number ON twilio_account_change (organization_id, phone_number_id, created_at) WHERE phone_number_id IS NOT NULL;
CREATE INDEX twilio_account_change_org_resource ON twilio_account_change (organization_id, resource_sid) WHERE resource_sid IS NOT NULL;
"#;

const DOWN: &str = r#"DROP TABLE twilio_account_change;"#;

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
