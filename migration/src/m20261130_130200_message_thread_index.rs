//! A thread in its order: those of one second by their positions.

use sea_orm_migration::prelude::*;

use crate::{ConcurrentIndex, IndexKind};

#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEX: ConcurrentIndex = ConcurrentIndex {
    name: "message_org_contact_place",
    kind: IndexKind::Plain,
    on: "message (organization_id, contact_id, date_trunc('second', created_at AT TIME ZONE 'UTC') DESC, position DESC, id DESC)",
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
