//! Foreign keys that another one of the same row implies are checked no more.
//!
//! A conversation's contact is one of its organization: one check says so, where two checked that
//! both exist. The organization of a file is that of its message, whose contact is one of it. Who
//! deletes an organization deletes its contacts with it, with them their messages and
//! conversations, and with the messages their files.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = r#"
ALTER TABLE conversation
    ADD CONSTRAINT conversation_contact_fkey FOREIGN KEY (organization_id, contact_id)
        REFERENCES contact (organization_id, id) ON DELETE CASCADE,
    DROP CONSTRAINT conversation_contact_id_fkey,
    DROP CONSTRAINT conversation_organization_id_fkey;
ALTER TABLE message_attachment DROP CONSTRAINT message_attachment_organization_id_fkey;
"#;

const DOWN: &str = r#"
ALTER TABLE message_attachment
    ADD CONSTRAINT message_attachment_organization_id_fkey FOREIGN KEY (organization_id)
        REFERENCES organization (id) ON DELETE CASCADE;
ALTER TABLE conversation
    ADD CONSTRAINT conversation_organization_id_fkey FOREIGN KEY (organization_id)
        REFERENCES organization (id) ON DELETE CASCADE,
    ADD CONSTRAINT conversation_contact_id_fkey FOREIGN KEY (contact_id)
        REFERENCES contact (id) ON DELETE CASCADE,
    DROP CONSTRAINT conversation_contact_fkey;
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
