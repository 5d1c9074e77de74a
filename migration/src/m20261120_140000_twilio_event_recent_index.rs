//! The events page: an account's events, newest first, and those that somebody has to look at.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

// Parked and ignored events are few, so their indexes cost the ingest nothing. The numbers and
// the accounts are looked up to tell whose an event is.
const UP: &str = r#"
CREATE INDEX twilio_event_account_recent ON twilio_event (account_sid, id DESC);
CREATE INDEX twilio_event_parked ON twilio_event (account_sid, id DESC) WHERE state = 'parked';
CREATE INDEX twilio_event_ignored ON twilio_event (account_sid, id DESC) WHERE state = 'ignored';
CREATE INDEX phone_number_account_number ON phone_number (twilio_account_sid, number);
CREATE INDEX organization_account ON organization (twilio_account_sid) WHERE twilio_account_sid IS NOT NULL;
"#;

const DOWN: &str = r#"
DROP INDEX twilio_event_account_recent, twilio_event_parked, twilio_event_ignored,
    phone_number_account_number, organization_account;
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
