//! How many events of each type came on a day, and the last of them: the events themselves are removed when they are old.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
CREATE TABLE twilio_event_tally (
    account_sid text NOT NULL,
    event_type text NOT NULL,
    day date NOT NULL,
    events bigint NOT NULL,
    last_received_at timestamptz NOT NULL,
    PRIMARY KEY (account_sid, event_type, day)
);
"#;

const DOWN: &str = r#"DROP TABLE twilio_event_tally;"#;

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
