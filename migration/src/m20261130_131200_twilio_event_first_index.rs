//! Events that wait for their first attempt: those that failed before do not stand in their way.

use sea_orm_migration::prelude::*;

use crate::{ConcurrentIndex, IndexKind};

#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEX: ConcurrentIndex = ConcurrentIndex {
    name: "twilio_event_first_attempt",
    kind: IndexKind::Plain,
    on: "twilio_event (id) WHERE state = 'pending' AND attempts = 0",
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
