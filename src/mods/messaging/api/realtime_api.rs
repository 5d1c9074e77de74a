use std::time::Duration;

use dioxus::server::axum::{
    extract::{
        Query, State, WebSocketUpgrade,
        ws::{Message as Frame, Utf8Bytes, WebSocket},
    },
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use sea_orm::DbErr;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;
use tower_sessions::Session;
use uuid::Uuid;

use super::socket_places::{SocketPlace, SocketPlaces};
use crate::{
    bases::{
        error::AppError,
        http::is_same_origin,
        realtime::{BrowserEvent, EventKind, Next, Subscription},
        state::AppState,
    },
    mods::auth::{
        services::is_signed_in_service,
        types::CurrentUser,
        utils::{SessionKey, session_util},
    },
};

/// The browser has nothing to say but pongs and closing.
const MAX_FRAME_BYTES: usize = 1_024;
/// What is read at once. The library's own 128 kB would be most of what a socket costs.
const READ_BYTES: usize = 1_024;
/// How often a sign of life is sent, and the session is looked at; what ends one is told at once.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// A browser that does not take a frame for this long is gone.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// What the sockets of a node share.
#[derive(Clone, Debug)]
pub struct RealtimeSockets {
    pub state: AppState,
    pub shutdown: CancellationToken,
    places: SocketPlaces,
}

impl RealtimeSockets {
    /// No socket yet.
    pub fn new(state: AppState, shutdown: CancellationToken) -> Self {
        Self {
            state,
            shutdown,
            places: SocketPlaces::default(),
        }
    }
}

/// What a browser says of itself.
#[derive(Debug, Deserialize)]
pub struct RealtimeQuery {
    /// Where the events stood when its page was rendered (`data-events` of the page).
    since: Option<String>,
}

/// `GET /api/realtime`: the events of the caller's organization, one JSON text frame each.
///
/// 401 without a session, 403 from another site's page, 429 for a person who has enough of them,
/// 503 when the node is full. Begins with `hello`, which says whether events were missed since the
/// page was rendered; `resync` says that events were missed; `heartbeat` comes every 20 s.
pub async fn realtime_api(
    State(sockets): State<RealtimeSockets>,
    user: Result<CurrentUser, AppError>,
    session: Session,
    headers: HeaderMap,
    Query(query): Query<RealtimeQuery>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let user = match user {
        Ok(user) => user,
        Err(error) => return error.into_response(),
    };
    if !is_same_origin(&headers, &sockets.state.config.public_url) {
        return AppError::forbidden("The Origin header is missing or names another site.")
            .into_response();
    }
    let Some(session) = session_util::key(&session) else {
        return AppError::Unauthorized.into_response();
    };
    let place = match sockets.places.take(user.id) {
        Ok(place) => place,
        Err(error) => return error.into_response(),
    };
    let listener = Listener { user, session };
    upgrade
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES)
        .read_buffer_size(READ_BYTES)
        // What is sent is sent at once.
        .write_buffer_size(0)
        .on_upgrade(move |socket| serve(socket, sockets, listener, query, place))
}

async fn serve(
    mut socket: WebSocket,
    sockets: RealtimeSockets,
    listener: Listener,
    query: RealtimeQuery,
    _place: SocketPlace,
) {
    let hub = &sockets.state.hub;
    let organization = listener.user.organization_id;
    let mut events = hub.subscribe(organization);
    // Its access may have ended before it listened for that.
    if !listener.is_signed_in(&sockets).await.unwrap_or(false) {
        return;
    }
    let missed = query
        .since
        .is_none_or(|since| hub.has_missed(organization, &since));
    if send(&mut socket, &BrowserEvent::new(EventKind::Hello, &missed))
        .await
        .is_err()
    {
        return;
    }
    tokio::select! {
        () = sockets.shutdown.cancelled() => {}
        () = relay(&mut socket, &mut events, &sockets, &listener) => {}
    }
    // The browser may be gone already.
    drop(tokio::time::timeout(SEND_TIMEOUT, socket.send(Frame::Close(None))).await);
}

async fn relay(
    socket: &mut WebSocket,
    events: &mut Subscription,
    sockets: &RealtimeSockets,
    listener: &Listener,
) {
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    heartbeat.reset();
    loop {
        let sent = tokio::select! {
            next = events.next() => match next {
                Next::Event(text) => send_text(socket, text.as_ref().into()).await,
                Next::AccessEnded(id) if listener.is_named(id) => {
                    if !listener.is_signed_in(sockets).await.unwrap_or(false) {
                        return;
                    }
                    Ok(())
                }
                Next::AccessEnded(_) => Ok(()),
                Next::Missed => {
                    // That its access has ended may be among it.
                    if !listener.is_signed_in(sockets).await.unwrap_or(true) {
                        return;
                    }
                    send(socket, &BrowserEvent::new(EventKind::Resync, &())).await
                }
                Next::Closed => return,
            },
            received = socket.recv() => match received {
                Some(Ok(Frame::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => Ok(()),
            },
            _ = heartbeat.tick() => {
                // A database that does not answer is no reason to drop sockets.
                if !listener.is_signed_in(sockets).await.unwrap_or(true) {
                    return;
                }
                send(socket, &BrowserEvent::new(EventKind::Heartbeat, &())).await
            }
        };
        if sent.is_err() {
            return;
        }
    }
}

/// Who has opened a socket.
struct Listener {
    user: CurrentUser,
    session: SessionKey,
}

impl Listener {
    /// Whether a notice of an access that has ended is about this one.
    fn is_named(&self, id: Uuid) -> bool {
        id == self.user.id.0 || id == self.session.notice_id()
    }

    async fn is_signed_in(&self, sockets: &RealtimeSockets) -> Result<bool, DbErr> {
        // In a box: a query would otherwise take its room in every socket, all the time.
        Box::pin(is_signed_in_service(
            &sockets.state.db,
            self.session,
            &self.user,
        ))
        .await
    }
}

struct Gone;

async fn send(socket: &mut WebSocket, event: &BrowserEvent) -> Result<(), Gone> {
    let text = serde_json::to_string(event).map_err(|_| Gone)?;
    send_text(socket, text.into()).await
}

async fn send_text(socket: &mut WebSocket, text: Utf8Bytes) -> Result<(), Gone> {
    match tokio::time::timeout(SEND_TIMEOUT, socket.send(Frame::Text(text))).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(Gone),
    }
}
