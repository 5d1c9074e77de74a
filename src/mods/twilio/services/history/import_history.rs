//! Reads a history part by part, until the database says that all are done.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::{
    RunStop, history_fetcher::HistoryFetcher, history_part::HistoryPart,
    import_context::ImportContext,
};
use crate::entities::sms_sync_window;

/// Reads every part to its end.
pub(super) async fn import_history(context: &ImportContext) -> Result<(), RunStop> {
    loop {
        let parts = all_parts(context).await?;
        // Only what the database says is the end.
        if parts.iter().all(|part| part.next_page.is_none()) {
            return Ok(());
        }
        match HistoryFetcher::new(context, parts).run().await {
            Err(RunStop::Behind) => {
                tracing::warn!(run_id = %context.lease.id, "the database has lost pages; reading them again");
            }
            ended => ended?,
        }
    }
}

/// Those that are done too: others end where they began.
async fn all_parts(context: &ImportContext) -> Result<Vec<HistoryPart>, RunStop> {
    let rows = sms_sync_window::Entity::in_org(context.lease.organization_id)
        .filter(sms_sync_window::Column::RunId.eq(context.lease.id))
        .order_by_asc(sms_sync_window::Column::Position)
        .all(&context.state.db)
        .await?;
    let now = context.state.clock.now();
    Ok(rows
        .into_iter()
        .map(|row| HistoryPart::of(row, now))
        .collect())
}
