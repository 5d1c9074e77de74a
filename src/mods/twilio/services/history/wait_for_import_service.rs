use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::find_import_progress_service;
use crate::{
    bases::{
        db::Db,
        error::AppError,
        ids::{ImportId, OrganizationId},
    },
    entities::states::ImportState,
    mods::twilio::types::SyncMessageHistoryResponse,
};

/// Browsers and proxies wait 30 s and more; the run goes on after it.
const PATIENCE: Duration = Duration::from_secs(20);
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);

/// Waits until all messages of the run are stored, for at most 20 s; without `wait` it returns at
/// once. 409 with the reason if the run fails or is stopped meanwhile.
pub async fn wait_for_import_service(
    db: &Db,
    organization: OrganizationId,
    run_id: ImportId,
    wait: bool,
) -> Result<SyncMessageHistoryResponse, AppError> {
    let patience = if wait { PATIENCE } else { Duration::ZERO };
    let deadline = Instant::now() + patience;
    loop {
        let run = find_import_progress_service(db, organization, run_id).await?;
        let messages_are_in = run.messages_in_at.is_some();
        let still_runs = run.state == ImportState::Running;
        if !messages_are_in && !still_runs {
            let stopped = "The import was stopped. What is stored stays; it can be resumed.";
            return Err(AppError::conflict(run.error.unwrap_or(stopped.to_owned())));
        }
        if messages_are_in || Instant::now() >= deadline {
            let count = |n: i64| u64::try_from(n).unwrap_or(0);
            return Ok(SyncMessageHistoryResponse {
                run_id,
                messages_are_in,
                imported: count(run.new_count),
                skipped: count(run.skipped),
                media_downloaded: count(run.media_downloaded),
            });
        }
        sleep(BETWEEN_LOOKS).await;
    }
}
