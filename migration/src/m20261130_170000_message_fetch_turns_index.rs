//! Messages to be read are taken in turns by organization.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE INDEX message_fetch_turns ON message_fetch (organization_id, next_try_at)
    WHERE state = 'pending';
DROP INDEX message_fetch_waiting;
"#;

const DOWN: &str = r#"
CREATE INDEX message_fetch_waiting ON message_fetch (next_try_at) WHERE state = 'pending';
DROP INDEX message_fetch_turns;
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
