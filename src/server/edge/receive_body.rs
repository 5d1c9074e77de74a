use std::time::Duration;

use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use futures::StreamExt;
use tokio::time::{Instant, timeout_at};

use super::{
    api_errors::refusal,
    body_places::{BodyPlace, BodyPlaces},
};
use crate::{
    bases::{
        api_json::MAX_BODY_BYTES,
        http::{ClientAddress, is_webhook},
    },
    mods::twilio::api::MAX_EVENTS_BODY_BYTES,
};

/// A body that has not arrived by then is refused; Twilio itself gives up after 15 s.
const TIME_LIMIT: Duration = Duration::from_secs(15);
/// Bodies up to this size only cost what their connection costs anyway.
const SMALL: usize = 32 * 1024;
/// How much of a large body is read before it gets a place, so that waiting bodies take no more
/// memory.
const BEGUN: usize = 4 * 1024;
/// Larger bodies that one node holds at once, until they are answered; others wait for their turn.
const LARGE_AT_ONCE: usize = 4;
/// The same for webhooks, counted separately, so that other posts cannot keep texts out.
const LARGE_WEBHOOKS_AT_ONCE: usize = 4;
/// While it holds a place, a body has to arrive quickly: this long, and a second more for each so
/// many bytes that have come.
const HURRY: Duration = Duration::from_secs(2);
const BYTES_A_SECOND: f64 = 256.0 * 1024.0;
/// Of a body that is too large, this much is read and thrown away, so that the client sees the
/// answer instead of a connection that breaks.
const THROWN_AWAY: usize = 8 * 1024 * 1024;

const LATE: &str = "the body did not arrive in time";

/// The places for large bodies: a body takes memory before anybody has proven who posts.
#[derive(Debug, Clone)]
pub struct BodyBudget {
    webhooks: BodyPlaces,
    others: BodyPlaces,
}

impl Default for BodyBudget {
    fn default() -> Self {
        Self {
            webhooks: BodyPlaces::new(LARGE_WEBHOOKS_AT_ONCE),
            others: BodyPlaces::new(LARGE_AT_ONCE),
        }
    }
}

/// Reads the whole body first, within limits of size and time. An answer before the end of the body
/// would make the connection unusable.
pub async fn receive_body(
    State(budget): State<BodyBudget>,
    address: ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let (limit, places) = if is_webhook(path) {
        (MAX_EVENTS_BODY_BYTES, &budget.webhooks)
    } else {
        (MAX_BODY_BYTES, &budget.others)
    };
    let received = tokio::time::timeout(TIME_LIMIT, read(body, limit, places, address));
    match received.await.unwrap_or(Err(Unreceived::Late)) {
        Ok(Received { bytes, place }) => {
            let answer = next.run(Request::from_parts(parts, bytes.into())).await;
            drop(place);
            answer
        }
        Err(Unreceived::TooLarge) => {
            let message = format!("the body must be at most {limit} bytes");
            refusal(path, StatusCode::PAYLOAD_TOO_LARGE, &message)
        }
        // Nobody is there to read it.
        Err(Unreceived::Broken) => refusal(path, StatusCode::BAD_REQUEST, "the body broke off"),
        // Twilio takes a 4xx as final and drops the event.
        Err(Unreceived::Late) if is_webhook(path) => {
            refusal(path, StatusCode::SERVICE_UNAVAILABLE, LATE)
        }
        Err(Unreceived::Late) => refusal(path, StatusCode::REQUEST_TIMEOUT, LATE),
    }
}

struct Received {
    bytes: Bytes,
    /// Kept until the request is answered.
    place: Option<BodyPlace>,
}

enum Unreceived {
    TooLarge,
    Broken,
    Late,
}

async fn read(
    body: Body,
    limit: usize,
    places: &BodyPlaces,
    address: ClientAddress,
) -> Result<Received, Unreceived> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let mut parts = body.into_data_stream();
    if announced > limit {
        return throw_away(parts, announced).await;
    }
    let mut bytes = Vec::new();
    let (mut place, mut since) = (None, Instant::now());
    loop {
        let next = if place.is_some() {
            let for_size = Duration::from_secs_f64(bytes.len() as f64 / BYTES_A_SECOND);
            let next = timeout_at(since + HURRY + for_size, parts.next()).await;
            next.map_err(|_| Unreceived::Late)?
        } else {
            parts.next().await
        };
        let Some(part) = next else {
            break;
        };
        let part = part.map_err(|_| Unreceived::Broken)?;
        let length = bytes.len() + part.len();
        if length > limit {
            drop((bytes, place));
            return throw_away(parts, length).await;
        }
        // Not by the announced length alone: announcing costs the sender nothing.
        let is_large = length > SMALL || announced > SMALL && length > BEGUN;
        if is_large && place.is_none() {
            let turn = places.take(&address.network()).await;
            place = Some(turn.ok_or(Unreceived::Broken)?);
            since = Instant::now();
        }
        if let Some(more) = announced
            .checked_sub(bytes.len())
            .filter(|_| place.is_some())
        {
            bytes.reserve_exact(more);
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
