use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    bases::{db::past_outage, state::AppState},
    mods::twilio::services::media::{MediaRoom, claim_media_service, download_media_service},
};

/// Files that a node fetches at once.
const MOST_AT_ONCE: usize = 5;
/// Of them, files of imports: one of a live text always finds a place.
const MOST_OF_IMPORTS: usize = 3;
/// How often to look for files.
const POLL: Duration = Duration::from_millis(300);
/// After an error of the database.
const PAUSE: Duration = Duration::from_secs(1);

/// Fetches the files of messages until cancelled: of those that arrive live, and of imported ones.
pub async fn media_task(state: AppState, shutdown: CancellationToken) {
    let mut downloads: JoinSet<()> = JoinSet::new();
    let of_imports = Arc::new(AtomicUsize::new(0));
    let mut last_turn = Uuid::nil();
    while !shutdown.is_cancelled() {
        let free = MOST_AT_ONCE - downloads.len();
        let claimed = if free == 0 {
            Ok(Vec::new())
        } else {
            let room = MediaRoom {
                in_all: free,
                of_imports: (MOST_OF_IMPORTS - of_imports.load(Ordering::Relaxed)).min(free),
            };
            claim_media_service(&state.db, room, &mut last_turn).await
        };
        let pause = match claimed {
            Ok(files) => {
                for file in files {
                    let state = state.clone();
                    let place = file.sync_run_id.map(|_| Place::take(&of_imports));
                    downloads.spawn(async move {
                        let _place = place;
                        let done = past_outage("a file", || download_media_service(&state, &file));
                        if let Err(error) = done.await {
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

/// The place of an import's file among those under way, until it ends, also by a panic.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(places: &Arc<AtomicUsize>) -> Self {
        places.fetch_add(1, Ordering::Relaxed);
        Self(places.clone())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
