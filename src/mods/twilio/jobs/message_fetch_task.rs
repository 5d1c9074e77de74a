use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    bases::{db::past_outage, state::AppState},
    mods::twilio::services::events::{
        claim_message_fetches_service, fetch_external_message_service,
    },
};

/// Messages that a node reads at once: they share Twilio's limit with the texts that are sent.
const MOST_AT_ONCE: usize = 5;
/// How often to look for messages.
const POLL: Duration = Duration::from_millis(200);
/// After an error of the database.
const PAUSE: Duration = Duration::from_secs(1);

/// Reads messages from elsewhere, of which only an event is known, until cancelled.
pub async fn message_fetch_task(state: AppState, shutdown: CancellationToken) {
    let mut fetches: JoinSet<()> = JoinSet::new();
    // Whose turn was the last.
    let mut turn = Uuid::nil();
    while !shutdown.is_cancelled() {
        let free = MOST_AT_ONCE - fetches.len();
        let claimed = if free == 0 {
            Ok(Vec::new())
        } else {
            claim_message_fetches_service(&state.db, free as u64, &mut turn).await
        };
        let pause = match claimed {
            Ok(messages) => {
                for message in messages {
                    let state = state.clone();
                    fetches.spawn(async move {
                        let done = past_outage("a message from elsewhere", || fetch_external_message_service(&state, &message));
                        if let Err(error) = done.await {
                            // It is taken up again when its time has run out.
                            tracing::error!(%error, "what was read of a message could not be written");
                        }
                    });
                }
                POLL
            }
            Err(error) => {
                tracing::error!(%error, "messages to read could not be looked for");
                PAUSE
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            Some(ended) = fetches.join_next() => {
                if let Err(error) = ended {
                    tracing::error!(%error, "reading a message panicked");
                }
            }
            () = tokio::time::sleep(pause) => {}
        }
    }
    // What is dropped here is read again after the restart.
}
