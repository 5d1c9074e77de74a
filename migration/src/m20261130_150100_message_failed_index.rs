//! The list counts the texts of each conversation that did not reach the customer.

use sea_orm_migration::prelude::*;

use crate::{ConcurrentIndex, IndexKind};

#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEX: ConcurrentIndex = ConcurrentIndex {
    name: "message_failed",
    kind: IndexKind::Plain,
    on: "message (organization_id, contact_id, updated_at) WHERE direction = 'outbound' AND source = 'loquent' AND status IN ('failed', 'undelivered')",
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
