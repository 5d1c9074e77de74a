use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt, stream};
use tokio::sync::broadcast::error::RecvError;

use crate::simulation::{Notice, Simulation};

/// `GET /sim/stream`: everything that happens, as server-sent events. Each event's data is
/// `{"kind": "message"|"request"|"delivery"|"settings"|"reset"|"resync", "data": …}`; `resync`
/// says that some were missed.
pub(crate) async fn stream(
    State(simulation): State<Arc<Simulation>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let stopped = simulation.shutdown.clone().cancelled_owned();
    let notices = stream::unfold(simulation.watch(), |mut watcher| async move {
        let text = match watcher.recv().await {
            Ok(notice) => to_text(&notice),
            Err(RecvError::Lagged(_)) => r#"{"kind":"resync"}"#.to_owned(),
            Err(RecvError::Closed) => return None,
        };
        Some((Ok(Event::default().data(text)), watcher))
    });
    Sse::new(notices.take_until(stopped)).keep_alive(KeepAlive::default())
}

fn to_text(notice: &Notice) -> String {
    // Nothing in a notice can fail to be written; a reader that cannot use it reads again.
    serde_json::to_string(notice).unwrap_or_else(|_| r#"{"kind":"resync"}"#.to_owned())
}
