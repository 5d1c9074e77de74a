//! Browsers that somebody has signed in with: their attempts are counted by themselves, so that
//! nobody else can lock them out.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE TABLE sign_in_device (
    token_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    last_used_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_device_user ON sign_in_device (user_id, last_used_at DESC);
CREATE INDEX sign_in_device_last_used_at ON sign_in_device (last_used_at);
ALTER TABLE login_attempt ADD COLUMN device_hash bytea;
CREATE INDEX login_attempt_device ON login_attempt (device_hash, attempted_at) WHERE device_hash IS NOT NULL;
"#;

const DOWN: &str = r#"
ALTER TABLE login_attempt DROP COLUMN device_hash;
DROP TABLE sign_in_device;
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
