//! The same of conversations with something unread.

use sea_orm_migration::prelude::*;

use crate::{ConcurrentIndex, IndexKind};

#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEX: ConcurrentIndex = ConcurrentIndex {
    name: "conversation_org_unread_place",
    kind: IndexKind::Plain,
    on: "conversation (organization_id, date_trunc('second', last_message_at AT TIME ZONE 'UTC') DESC, last_message_position DESC, id DESC) WHERE unread_count > 0",
};

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        INDEX.create(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        INDEX.remove(manager).await
    }
}
