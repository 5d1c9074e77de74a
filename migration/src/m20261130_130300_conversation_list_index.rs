//! The conversation list in its order: those of one second by their last messages' positions.

use sea_orm_migration::prelude::*;

use crate::{ConcurrentIndex, IndexKind};

#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEX: ConcurrentIndex = ConcurrentIndex {
    name: "conversation_org_place",
    kind: IndexKind::Plain,
    on: "conversation (organization_id, date_trunc('second', last_message_at AT TIME ZONE 'UTC') DESC, last_message_position DESC, id DESC)",
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
