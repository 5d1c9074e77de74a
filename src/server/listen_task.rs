use std::{collections::HashSet, time::Duration};

use tokio_util::sync::CancellationToken;

use super::load_events::load_events;
use crate::bases::{
    db::{Db, Listener},
    health::{Health, Part},
    ids::OrganizationId,
    realtime::{BrowserEvent, CHANNEL, EventHub, EventKind, RealtimeNotice},
};

/// Notices that are loaded with one query.
const MAX_BATCH: usize = 256;
/// Between two attempts to reach Postgres again.
const RECONNECT_DELAY: Duration = Duration::from_millis(500);

/// Listens to all nodes until cancelled, and gives this node's sockets what happened.
///
/// After every gap in the connection the sockets are told to fetch again.
pub async fn listen_task(db: Db, health: Health, hub: EventHub, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        let listening = listen(&db, &health, &hub);
        tokio::select! {
            () = shutdown.cancelled() => return,
            Err(error) = listening => health.fails(Part::Listening, &error.to_string()),
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(RECONNECT_DELAY) => {}
        }
    }
}

async fn listen(
    db: &Db,
    health: &Health,
    hub: &EventHub,
) -> Result<std::convert::Infallible, sqlx::Error> {
    let mut listener = Listener::open(db, CHANNEL).await?;
    health.works(Part::Listening);
    hub.publish_resync();
    loop {
        let first = listener.next().await?;
        let mut notices = Vec::from_iter(parse(first.payload()));
        while notices.len() < MAX_BATCH
            && let Some(next) = listener.next_if_here()
        {
            notices.extend(parse(next.payload()));
        }
        for notice in &notices {
            hub.note(notice.organization_id);
        }
        // Nobody on this node looks at the others: their rows need not be read.
        notices.retain(|notice| hub.has_listeners(notice.organization_id));
        give_out(db, notices, hub).await;
    }
}

async fn give_out(db: &Db, notices: Vec<RealtimeNotice>, hub: &EventHub) {
    let (ended, notices): (Vec<_>, Vec<_>) = notices
        .into_iter()
        .partition(|notice| notice.kind == EventKind::AccessEnded);
    // First: who is out must not get the others.
    for notice in ended {
        hub.end_access(notice.organization_id, notice.id);
    }
    let (bulk, single): (Vec<_>, Vec<_>) = notices
        .into_iter()
        .partition(|notice| notice.kind == EventKind::Resync);
    let bulk: HashSet<OrganizationId> = bulk
        .into_iter()
        .map(|notice| notice.organization_id)
        .collect();
    for organization in bulk {
        hub.publish(organization, &BrowserEvent::new(EventKind::Resync, &()));
    }
    if single.is_empty() {
        return;
    }
    let about: HashSet<OrganizationId> =
        single.iter().map(|notice| notice.organization_id).collect();
    match load_events(db, single).await {
        Ok(events) => {
            for (organization, event) in events {
                hub.publish(organization, &event);
            }
        }
        Err(error) => {
            tracing::error!(%error, "browser events could not be loaded; browsers fetch again");
            for organization in about {
                hub.publish(organization, &BrowserEvent::new(EventKind::Resync, &()));
            }
        }
    }
}

fn parse(payload: &str) -> Option<RealtimeNotice> {
    serde_json::from_str(payload)
        .inspect_err(|error| tracing::warn!(%error, "a notice cannot be parsed"))
        .ok()
}
