//! Reads a history part by part, until the database says that all are done.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::import_context::ImportContext;
use crate::{
    entities::{
        sms_sync_window::{self, Model},
        states::{HistorySide, PartKind},
    },
    mods::twilio::{
        services::message_list::{ListPart, PageWalker, RunStop},
        utils::DateRange,
    },
};

/// Reads every part to its end.
pub(super) async fn import_history(context: &ImportContext) -> Result<(), RunStop> {
    loop {
        let parts = all_parts(context).await?;
        // Only what the database says is the end.
        if parts.iter().all(|part| part.next_page.is_none()) {
            return Ok(());
        }
        match PageWalker::new(context, parts).walk().await {
            Err(RunStop::Behind) => {
                tracing::warn!(run_id = %context.run.lease.id, "the database has lost pages; reading them again");
            }
            ended => ended?,
        }
    }
}

/// Those that are done too: others end where they began.
async fn all_parts(context: &ImportContext) -> Result<Vec<ListPart>, RunStop> {
    let rows = sms_sync_window::Entity::in_org(context.run.lease.organization_id)
        .filter(sms_sync_window::Column::RunId.eq(context.run.lease.id))
        .order_by_asc(sms_sync_window::Column::Position)
        .all(&context.run.state.db)
        .await?;
    let now = context.run.state.clock.now();
    Ok(rows.into_iter().map(|row| part_of(row, now)).collect())
}

/// A part as it was left in the database.
fn part_of(row: Model, now: DateTime<Utc>) -> ListPart {
    let side = row.side.known_or(HistorySide::To);
    let kind = row.kind.known_or(PartKind::All);
    let window = DateRange {
        first_day: row.from_date,
        last_day: row.to_date,
    };
    let next_page = row.next_page.filter(|_| !row.done);
    let mut part = ListPart::new(row.position, side, kind, window, next_page, now);
    part.entry_after = row.entry_after;
    part.first_sid = row.first_sid;
    part.page_before = row.page_sids.unwrap_or_default().into_iter().collect();
    part.last_at = row.reached_at.unwrap_or(part.last_at);
    part
}
