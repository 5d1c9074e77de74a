//! What callers meet: an answer for all numbers of an organization, and one for a single number.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
ALTER TABLE organization
    ADD COLUMN voice_sentence text,
    ADD COLUMN voice_forward_to text,
    ADD CONSTRAINT organization_one_voice_answer CHECK (num_nonnulls(voice_sentence, voice_forward_to) <= 1);
ALTER TABLE phone_number
    ADD COLUMN voice_sentence text,
    ADD COLUMN voice_forward_to text,
    ADD CONSTRAINT phone_number_one_voice_answer CHECK (num_nonnulls(voice_sentence, voice_forward_to) <= 1);
"#;

const DOWN: &str = r#"
ALTER TABLE phone_number DROP COLUMN voice_sentence, DROP COLUMN voice_forward_to;
ALTER TABLE organization DROP COLUMN voice_sentence, DROP COLUMN voice_forward_to;
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
