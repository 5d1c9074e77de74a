use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use futures::StreamExt;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout_at;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::event_maker::{first_message, make_batch};
use super::percentile::percentile;
use super::webhook::Webhook;

/// The demo's admin, who looks at the inbox.
const VIEWER: [&str; 2] = ["priya@alder.example", "copper-kettle-2217"];
/// Between two texts.
const PAUSE: Duration = Duration::from_millis(50);
const TIME: Duration = Duration::from_secs(5);
/// The last texts may take this long to arrive.
const PATIENCE: Duration = Duration::from_secs(20);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How long texts took from their post to the viewer's socket.
#[derive(Clone, Copy, Debug)]
pub struct ProbeReport {
    /// Texts posted.
    pub texts: u32,
    /// Texts that never came to the socket.
    pub lost: usize,
    /// Median, in milliseconds.
    pub p50_ms: f64,
    /// 95th percentile, in milliseconds.
    pub p95_ms: f64,
    /// The slowest, in milliseconds.
    pub longest_ms: f64,
}

/// Posts a text every 50 ms, as Event Streams does, and waits for each on the socket of a viewer.
///
/// # Errors
/// When the viewer cannot sign in, the socket does not open, or a post is refused.
pub async fn run_live_probe(port: u16) -> Result<ProbeReport> {
    let webhook = Webhook::new(port)?;
    let cookies = sign_in(port).await.context("the login")?;
    let mut socket = open_socket(port, &cookies).await.context("the socket")?;

    let end = Instant::now() + TIME;
    let mut ticks = tokio::time::interval(PAUSE);
    let mut posts = JoinSet::new();
    let mut waiting: HashMap<String, Instant> = HashMap::new();
    let (mut texts, mut times) = (0, Vec::new());
    while Instant::now() < end {
        tokio::select! {
            _ = ticks.tick() => {
                let batch = make_batch(1);
                waiting.extend(first_message(&batch).map(|sid| (sid, Instant::now())));
                texts += 1;
                let webhook = webhook.clone();
                posts.spawn(async move { webhook.post(batch).await });
            }
            Some(Ok(frame)) = socket.next() => take(&frame, &mut waiting, &mut times),
        }
    }
    for posted in posts.join_all().await {
        posted.context("a text was not accepted")?;
    }
    let deadline = (Instant::now() + PATIENCE).into();
    while !waiting.is_empty()
        && let Ok(Some(Ok(frame))) = timeout_at(deadline, socket.next()).await
    {
        take(&frame, &mut waiting, &mut times);
    }
    times.sort_unstable();
    Ok(ProbeReport {
        texts,
        lost: waiting.len(),
        p50_ms: percentile(&times, 0.50),
        p95_ms: percentile(&times, 0.95),
        longest_ms: percentile(&times, 1.0),
    })
}

fn take(frame: &Message, waiting: &mut HashMap<String, Instant>, times: &mut Vec<Duration>) {
    let Message::Text(text) = frame else { return };
    let Ok(event) = serde_json::from_str::<Value>(text) else {
        return;
    };
    let sid = event["payload"]["message"]["external_id"].as_str();
    if let Some(posted) = sid.and_then(|sid| waiting.remove(sid)) {
        times.push(posted.elapsed());
    }
}

/// The cookies of a session: its own, and the one by which the browser is known.
async fn sign_in(port: u16) -> Result<String> {
    let [email, password] = VIEWER;
    let answer = reqwest::Client::builder()
        .no_proxy()
        .build()?
        .post(format!("http://127.0.0.1:{port}/api/auth/login"))
        .header("origin", format!("http://127.0.0.1:{port}"))
        .json(&json!({ "email": email, "password": password, "remember": false }))
        .send()
        .await?
        .error_for_status()?;
    let cookies: Vec<&str> = answer
        .headers()
        .get_all("set-cookie")
        .iter()
        .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
        .collect();
    Ok(cookies.join("; "))
}

async fn open_socket(port: u16, cookies: &str) -> Result<Socket> {
    let mut request = format!("ws://127.0.0.1:{port}/api/realtime").into_client_request()?;
    let headers = request.headers_mut();
    let origin = format!("http://127.0.0.1:{port}");
    headers.insert("origin", HeaderValue::from_str(&origin)?);
    headers.insert("cookie", HeaderValue::from_str(cookies)?);
    let (socket, _) = connect_async(request).await?;
    Ok(socket)
}
