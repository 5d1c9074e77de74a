use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{
    bases::state::AppState,
    mods::twilio::services::{claim_media_service, download_media_service},
};

/// Files that a node fetches at once.
const MOST_AT_ONCE: usize = 5;
/// How often to look for files.
const POLL: Duration = Duration::from_millis(300);
/// After an error of the database.
const PAUSE: Duration = Duration::from_secs(1);

/// Fetches the files of messages until cancelled: of those that arrive live, and of imported ones.
pub async fn media_task(state: AppState, shutdown: CancellationToken) {
    let mut downloads: JoinSet<()> = JoinSet::new();
    while !shutdown.is_cancelled() {
        let free = MOST_AT_ONCE - downloads.len();
        let claimed = if free == 0 {
            Ok(Vec::new())
        } else {
            claim_media_service(&state.db, free as u64).await
        };
        let pause = match claimed {
            Ok(files) => {
                for file in files {
                    let state = state.clone();
                    downloads.spawn(async move {
                        if let Err(error) = download_media_service(&state, &file).await {
                            // It is taken up again when its time has run out.
                            tracing::error!(%error, "the outcome of a file could not be written");
                        }
                    });
                }
                POLL
            }
            Err(error) => {
                tracing::error!(%error, "files to fetch could not be looked for");
                PAUSE
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            Some(ended) = downloads.join_next() => {
                if let Err(error) = ended {
                    tracing::error!(%error, "fetching a file panicked");
                }
            }
            () = tokio::time::sleep(pause) => {}
        }
    }
    // What is dropped here is fetched again after the restart.
}
