use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use futures::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::api_errors::refusal;
use crate::{
    bases::{api_json::MAX_BODY_BYTES, http::is_webhook},
    mods::twilio::api::MAX_EVENTS_BODY_BYTES,
};

/// A body that is not here by then does not come; Twilio itself gives up after 15 s.
const TIME_LIMIT: Duration = Duration::from_secs(15);
/// Bodies up to this size only cost what their connection costs anyway.
const SMALL: usize = 32 * 1024;
/// Larger bodies that one node holds at once, until they are answered; others wait for their turn.
const LARGE_AT_ONCE: usize = 4;
/// Of a body that is too large, this much is read and thrown away, so that the client sees the
/// answer instead of a connection that breaks.
const THROWN_AWAY: usize = 8 * 1024 * 1024;

const LATE: &str = "the body did not arrive in time";

/// The places for large bodies: a body takes memory before anybody has proven who posts.
#[derive(Debug, Clone)]
pub struct BodyBudget(Arc<Semaphore>);

impl Default for BodyBudget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LARGE_AT_ONCE)))
    }
}

impl BodyBudget {
    async fn place(&self) -> Result<OwnedSemaphorePermit, Unreceived> {
        let turn = self.0.clone().acquire_owned().await;
        turn.map_err(|_| Unreceived::Broken)
    }
}

/// Reads the whole body before anything else is decided, within limits of size and time: no answer
/// is given while a body is on its way, after which the connection could not be used again.
pub async fn receive_body(
    State(budget): State<BodyBudget>,
    request: Request,
    next: Next,
) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let limit = if is_webhook(path) {
        MAX_EVENTS_BODY_BYTES
    } else {
        MAX_BODY_BYTES
    };
    match tokio::time::timeout(TIME_LIMIT, read(body, limit, &budget)).await {
        Ok(Ok(Received { bytes, place })) => {
            let answer = next.run(Request::from_parts(parts, bytes.into())).await;
            drop(place);
            answer
        }
        Ok(Err(Unreceived::TooLarge)) => {
            let message = format!("the body must be at most {limit} bytes");
            refusal(path, StatusCode::PAYLOAD_TOO_LARGE, &message)
        }
        // Nobody is there to read it.
        Ok(Err(Unreceived::Broken)) => refusal(path, StatusCode::BAD_REQUEST, "the body broke off"),
        // Twilio would take a 4xx for the last word, and give the event up.
        Err(_) if is_webhook(path) => refusal(path, StatusCode::SERVICE_UNAVAILABLE, LATE),
        Err(_) => refusal(path, StatusCode::REQUEST_TIMEOUT, LATE),
    }
}

struct Received {
    bytes: Bytes,
    /// Kept until the request is answered.
    place: Option<OwnedSemaphorePermit>,
}

enum Unreceived {
    TooLarge,
    Broken,
}

async fn read(body: Body, limit: usize, budget: &BodyBudget) -> Result<Received, Unreceived> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let mut parts = body.into_data_stream();
    let mut bytes = Vec::new();
    if announced > limit {
        return throw_away(parts, announced).await;
    }
    // Before a byte of it is read: what waits costs nothing.
    let mut place = None;
    if announced > SMALL {
        place = Some(budget.place().await?);
    }
    bytes.reserve_exact(announced);
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| Unreceived::Broken)?;
        let length = bytes.len() + part.len();
        if length > limit {
            drop((bytes, place));
            return throw_away(parts, length).await;
        }
        if length > SMALL && place.is_none() {
            place = Some(budget.place().await?);
        }
        bytes.extend_from_slice(&part);
    }
    Ok(Received {
        bytes: bytes.into(),
        place,
    })
}

async fn throw_away(
    mut parts: axum::body::BodyDataStream,
    announced: usize,
) -> Result<Received, Unreceived> {
    let mut left = THROWN_AWAY;
    while announced <= THROWN_AWAY
        && let Some(Ok(part)) = parts.next().await
        && part.len() <= left
    {
        left -= part.len();
    }
    Err(Unreceived::TooLarge)
}
