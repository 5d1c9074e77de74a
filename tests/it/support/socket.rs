use std::time::Duration;

use futures::StreamExt;
use serde_json::Value;
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};

use super::Agent;

const LIMIT: Duration = Duration::from_secs(60);

/// The browser's end of `/api/realtime`.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Everything that came, in order.
    pub seen: Vec<Value>,
    /// When it came.
    pub seen_at: Vec<Instant>,
}

impl Socket {
    /// Opens it as the server's own page does, and waits for `hello`.
    pub async fn open(agent: &Agent) -> Self {
        let mut socket = Self::try_open(agent, Some(&agent.server))
            .await
            .expect("the socket opens");
        socket.wait_for("hello").await;
        socket
    }

    /// Opens it as a page that was rendered at this position; says whether it missed something.
    pub async fn open_since(agent: &Agent, position: &str) -> bool {
        let path = format!("/api/realtime?since={position}");
        let opened = Self::try_open_at(agent, Some(&agent.server), &path).await;
        let mut socket = opened.expect("the socket opens");
        let missed = socket.wait_for("hello").await;
        missed.as_bool().expect("yes or no")
    }

    /// Opens it from a page of the given origin; gives the status of a refusal.
    pub async fn try_open(agent: &Agent, origin: Option<&str>) -> Result<Self, u16> {
        Self::try_open_at(agent, origin, "/api/realtime").await
    }

    async fn try_open_at(agent: &Agent, origin: Option<&str>, path: &str) -> Result<Self, u16> {
        let address = format!("{}{path}", agent.server.replacen("http", "ws", 1));
        let mut request = address.into_client_request().expect("a URL");
        let mut add = |name: &'static str, value: Option<&str>| {
            if let Some(value) = value {
                let value = HeaderValue::from_str(value).expect("a header");
                request.headers_mut().insert(name, value);
            }
        };
        add("origin", origin);
        add("cookie", agent.cookie.as_deref());
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self {
                stream,
                seen: Vec::new(),
                seen_at: Vec::new(),
            }),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("no answer: {error}"),
        }
    }

    /// Waits for an event of the type; those before it are kept in `seen`.
    pub async fn wait_for(&mut self, event_type: &str) -> Value {
        self.wait_until(event_type, |_| true).await
    }

    /// Waits for an event of the type whose payload is as wanted.
    pub async fn wait_until(&mut self, event_type: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + LIMIT;
        loop {
            let next = timeout_at(deadline, self.next()).await;
            let Ok(next) = next else {
                panic!("no {event_type} came; this did: {:#?}", self.seen)
            };
            let event = next.expect("the socket stays open");
            if event["event_type"] == event_type && wanted(&event["payload"]) {
                return event["payload"].clone();
            }
        }
    }

    /// Waits for the end of the socket.
    pub async fn wait_closed(&mut self, limit: Duration) {
        let deadline = Instant::now() + limit;
        while timeout_at(deadline, self.next())
            .await
            .expect("the socket is closed in time")
            .is_some()
        {}
    }

    /// Whether an event of the type came so far.
    pub fn has_seen(&self, event_type: &str) -> bool {
        self.seen
            .iter()
            .any(|event| event["event_type"] == event_type)
    }

    /// The next event; `None` at the end.
    async fn next(&mut self) -> Option<Value> {
        loop {
            match self.stream.next().await? {
                Ok(Message::Text(text)) => {
                    let event: Value = serde_json::from_str(&text).expect("an event is JSON");
                    self.seen.push(event.clone());
                    self.seen_at.push(Instant::now());
                    return Some(event);
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }
}
