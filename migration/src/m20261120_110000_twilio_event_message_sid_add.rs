//! The message that an event is about: for the order of its events, and to look them up.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
ALTER TABLE twilio_event ADD COLUMN message_sid text;
CREATE INDEX twilio_event_message_sid ON twilio_event (message_sid, id);
"#;

const DOWN: &str = r#"
DROP INDEX twilio_event_message_sid;
ALTER TABLE twilio_event DROP COLUMN message_sid;
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
