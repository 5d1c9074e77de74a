//! Who may change a Twilio account just now. A row, and not a lock of a connection: a connection can
//! be lost while its owner goes on.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE TABLE twilio_account_lease (
    account_sid text PRIMARY KEY,
    owner uuid NOT NULL,
    until timestamptz NOT NULL
);
"#;

const DOWN: &str = r#"
DROP TABLE twilio_account_lease;
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
