//! The browser's end of the socket `/api/realtime`.

use std::pin::pin;

use dioxus::prelude::*;
use futures::{
    StreamExt,
    future::{Either, select},
};
use gloo_net::websocket::{Message, futures::WebSocket};
use gloo_timers::future::TimeoutFuture;

use super::{BrowserEvent, ConnectionState, EventKind, RealtimeContext};
use crate::bases::browser::{WindowEvents, is_online};

const PATH: &str = "/api/realtime";
/// The server says hello as soon as the link is up.
const HELLO_WITHIN_MS: u32 = 10_000;
/// The server sends something at least every 20 s; two missed ones and a reserve mean a dead link.
const SILENCE_MS: u32 = 45_000;
const FIRST_WAIT_MS: f64 = 500.0;
const LONGEST_WAIT_MS: f64 = 15_000.0;

/// Connects, and connects again forever, at growing distances.
pub(super) async fn keep_connected(mut realtime: RealtimeContext) {
    let mut online = WindowEvents::new("online");
    let mut offline = WindowEvents::new("offline");
    let mut since = page_position();
    loop {
        {
            let link = pin!(receive(realtime, &mut since));
            select(link, offline.next()).await;
        }
        *realtime.failed_attempts.write() += 1;
        if !is_online() {
            realtime.connection.set(ConnectionState::Offline);
            online.next().await;
            continue;
        }
        realtime.connection.set(ConnectionState::Reconnecting);
        let wait = TimeoutFuture::new(wait_ms(*realtime.failed_attempts.peek()));
        select(wait, online.next()).await;
    }
}

/// Twice as long for every attempt, of which a random half is taken off, so that the browsers of
/// an organization do not come back all at once after a restart.
fn wait_ms(attempt: u32) -> u32 {
    let longest = FIRST_WAIT_MS * f64::from(1_u32 << (attempt - 1).min(10));
    (longest.min(LONGEST_WAIT_MS) * (0.5 + js_sys::Math::random() / 2.0)) as u32
}

/// Where the events stood when the server rendered this page (`event_position`).
fn page_position() -> Option<String> {
    let page = web_sys::window()?.document()?;
    let rendered = page.query_selector("[data-events]").ok()??;
    rendered.get_attribute("data-events")
}

/// Absolute, because older browsers take no other.
fn address(since: Option<&str>) -> Option<String> {
    let origin = web_sys::window()?.location().origin().ok()?;
    let query = since.map(|since| format!("?since={since}"));
    let query = query.unwrap_or_default();
    Some(format!("{}{PATH}{query}", origin.replacen("http", "ws", 1)))
}

/// Passes events on until the link ends or falls silent. `since` is for the first link.
async fn receive(realtime: RealtimeContext, since: &mut Option<String>) {
    let address = address(since.as_deref());
    let Some(mut socket) = address.and_then(|address| WebSocket::open(&address).ok()) else {
        return;
    };
    let mut patience = HELLO_WITHIN_MS;
    loop {
        let frame = match select(socket.next(), TimeoutFuture::new(patience)).await {
            Either::Left((Some(Ok(frame)), _)) => frame,
            Either::Left(_) | Either::Right(_) => return,
        };
        patience = SILENCE_MS;
        if let Message::Text(text) = frame {
            // What comes from now on is heard.
            since.take();
            take(realtime, &text);
        }
    }
}

fn take(mut realtime: RealtimeContext, text: &str) {
    let Ok(event) = serde_json::from_slice::<BrowserEvent>(text.as_bytes()) else {
        tracing::warn!("an event from the server cannot be parsed");
        return;
    };
    match event.kind {
        EventKind::Hello => {
            realtime.connection.set(ConnectionState::Live);
            realtime.failed_attempts.set(0);
            // What happened between the rendering of the page, or the end of the last link, and
            // now, was delivered to nobody.
            if event.payload_as::<bool>() != Some(false) {
                realtime.mark_missed();
            }
        }
        EventKind::Heartbeat => {}
        EventKind::Resync => realtime.take_resync(),
        EventKind::MessageNew
        | EventKind::MessageStatus
        | EventKind::MessageRemoved
        | EventKind::ConversationRead
        | EventKind::MessagesImported
        | EventKind::ImportProgress
        | EventKind::TwilioAccount
        | EventKind::Reconciliation => realtime.push(event),
        EventKind::AccessEnded | EventKind::Unknown => {}
    }
}
