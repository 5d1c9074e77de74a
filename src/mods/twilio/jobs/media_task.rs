use std::{sync::Arc, time::Duration};

use sea_orm::DbErr;
use tokio_util::sync::CancellationToken;

use crate::{
    bases::{
        claim_loop::{AtShutdown, ClaimedWork, claim_loop},
        db::past_outage,
        state::AppState,
    },
    mods::twilio::{
        services::media::{ClaimedMedia, MediaRoom, claim_media_service, download_media_service},
        turn::Turn,
    },
};

/// Of the files that a node fetches at once, those of imports: one of a live text always finds a
/// place.
const MOST_OF_IMPORTS: usize = 3;

/// Fetches the files of messages until cancelled: of those that arrive live, and of imported ones.
pub async fn media_task(state: AppState, shutdown: CancellationToken) {
    let media = Media {
        state,
        turn: Turn::default(),
        of_imports: Arc::new(()),
    };
    claim_loop(media, shutdown).await;
}

struct Media {
    state: AppState,
    turn: Turn,
    /// Each file of an import that is under way holds one of these, also while it panics.
    of_imports: Arc<()>,
}

impl ClaimedWork for Media {
    type Claimed = ClaimedMedia;

    const NAME: &'static str = "media";
    const AT_ONCE: usize = 5;
    const BATCH: usize = Self::AT_ONCE;
    const POLL: Duration = Duration::from_millis(300);
    const AT_SHUTDOWN: AtShutdown = AtShutdown::Drop;

    async fn claim(&mut self, most: usize) -> Result<Vec<ClaimedMedia>, DbErr> {
        let of_imports = Arc::strong_count(&self.of_imports) - 1;
        let room = MediaRoom {
            in_all: most,
            of_imports: (MOST_OF_IMPORTS - of_imports).min(most),
        };
        claim_media_service(&self.state.db, room, &mut self.turn).await
    }

    fn work(&self, file: ClaimedMedia) -> impl Future<Output = ()> + Send + 'static {
        let state = self.state.clone();
        let place = file.sync_run_id.map(|_| self.of_imports.clone());
        async move {
            let _place = place;
            let done = past_outage("a file", || download_media_service(&state, &file));
            if let Err(error) = done.await {
                // It is claimed again when its time has run out.
                tracing::error!(%error, "writing the outcome of a file failed");
            }
        }
    }
}
