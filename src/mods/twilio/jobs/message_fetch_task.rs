use std::time::Duration;

use sea_orm::DbErr;
use tokio_util::sync::CancellationToken;

use crate::{
    bases::{
        claim_loop::{AtShutdown, ClaimedWork, claim_loop},
        db::past_outage,
        state::AppState,
    },
    mods::twilio::{
        services::events::{
            ClaimedMessageFetch, claim_message_fetches_service, fetch_external_message_service,
        },
        turn::Turn,
    },
};

/// Reads messages from elsewhere, of which only an event is known, until cancelled.
pub async fn message_fetch_task(state: AppState, shutdown: CancellationToken) {
    let turn = Turn::default();
    claim_loop(MessageFetches { state, turn }, shutdown).await;
}

struct MessageFetches {
    state: AppState,
    turn: Turn,
}

impl ClaimedWork for MessageFetches {
    type Claimed = ClaimedMessageFetch;

    const NAME: &'static str = "message fetch";
    /// They share Twilio's limit with the texts that are sent.
    const AT_ONCE: usize = 5;
    const BATCH: usize = Self::AT_ONCE;
    const POLL: Duration = Duration::from_millis(200);
    const AT_SHUTDOWN: AtShutdown = AtShutdown::Drop;

    async fn claim(&mut self, most: usize) -> Result<Vec<ClaimedMessageFetch>, DbErr> {
        claim_message_fetches_service(&self.state.db, most as u64, &mut self.turn).await
    }

    fn work(&self, message: ClaimedMessageFetch) -> impl Future<Output = ()> + Send + 'static {
        let state = self.state.clone();
        async move {
            let fetch = || fetch_external_message_service(&state, &message);
            if let Err(error) = past_outage("a message from elsewhere", fetch).await {
                // It is claimed again when its time has run out.
                tracing::error!(%error, "writing what was read of a message failed");
            }
        }
    }
}
