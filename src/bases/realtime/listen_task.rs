use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgListener;
use tokio_util::sync::CancellationToken;

use super::{EventHub, RealtimeEvent, RealtimeNotice, realtime_notice::CHANNEL};
use crate::bases::ids::OrganizationId;

/// Turns notices into the events that go to browsers. The mods provide it, as only they know the
/// rows.
pub type NoticeLoader = Arc<
    dyn Fn(Vec<RealtimeNotice>) -> BoxFuture<'static, Vec<(OrganizationId, RealtimeEvent)>>
        + Send
        + Sync,
>;

/// Notices that are loaded with one query.
const MAX_BATCH: usize = 256;
/// Between two attempts to reach Postgres again.
const RECONNECT_DELAY: Duration = Duration::from_millis(500);

/// Listens to all nodes until cancelled, and gives this node's sockets what happened.
///
/// After every gap in the connection the sockets are told to fetch again.
pub async fn listen_task(
    database_url: SecretString,
    hub: EventHub,
    load: NoticeLoader,
    shutdown: CancellationToken,
) {
    while !shutdown.is_cancelled() {
        let listening = listen(&database_url, &hub, &load);
        tokio::select! {
            () = shutdown.cancelled() => return,
            Err(error) = listening => tracing::warn!(%error, "realtime listener lost Postgres; reconnecting"),
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(RECONNECT_DELAY) => {}
        }
    }
}

async fn listen(
    database_url: &SecretString,
    hub: &EventHub,
    load: &NoticeLoader,
) -> Result<std::convert::Infallible, sqlx::Error> {
    let mut listener = PgListener::connect(database_url.expose_secret()).await?;
    listener.listen(CHANNEL).await?;
    hub.publish_resync();
    loop {
        let Some(first) = listener.try_recv().await? else {
            hub.publish_resync();
            continue;
        };
        let mut notices = Vec::from_iter(parse(first.payload()));
        while notices.len() < MAX_BATCH
            && let Some(next) = listener.next_buffered()
        {
            notices.extend(parse(next.payload()));
        }
        for (organization, event) in load(notices).await {
            hub.publish(organization, &event);
        }
    }
}

fn parse(payload: &str) -> Option<RealtimeNotice> {
    serde_json::from_str(payload)
        .inspect_err(|error| tracing::warn!(%error, "a notice was not understood"))
        .ok()
}
