use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use futures::StreamExt;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{net::TcpStream, task::JoinSet, time::timeout_at};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use super::{LoadError, LoadOptions, LoadReport, event_maker::make_batch, run_load::post_body};

/// Between two texts.
const PAUSE: Duration = Duration::from_millis(50);
/// The last texts may take this long to arrive.
const PATIENCE: Duration = Duration::from_secs(20);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Who looks at the inbox.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub email: String,
    pub password: String,
}

/// How long texts took from their post to the viewer's socket.
#[derive(Debug, Clone, Serialize)]
pub struct ProbeReport {
    /// Texts posted.
    pub texts: usize,
    /// Texts that never came to the socket.
    pub lost: usize,
    /// Median, in milliseconds.
    pub p50_ms: f64,
    /// 95th percentile, in milliseconds.
    pub p95_ms: f64,
    /// The slowest, in milliseconds.
    pub longest_ms: f64,
}

/// The probe could not be run.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("the login gave no session")]
    NoSession,
    #[error("the socket: {0}")]
    Socket(#[from] Box<tokio_tungstenite::tungstenite::Error>),
    #[error("the address cannot be a header: {0}")]
    Header(#[from] tokio_tungstenite::tungstenite::http::header::InvalidHeaderValue),
}

/// Posts a text every 50 ms, as Event Streams does, and waits for each on the socket of a viewer.
///
/// # Errors
/// When the viewer cannot sign in, the socket does not open, or the URL is not on loopback.
pub async fn run_live_probe(
    options: LoadOptions,
    viewer: &Viewer,
) -> Result<ProbeReport, ProbeError> {
    options.check()?;
    let client = reqwest::Client::new();
    let origin = reqwest::Url::parse(&options.url)
        .map_err(|_| LoadError::NotLoopback)?
        .origin()
        .ascii_serialization();
    let cookie = sign_in(&client, &origin, viewer).await?;
    let mut socket = open_socket(&origin, &cookie).await?;

    let end = Instant::now() + Duration::from_secs(options.seconds.into());
    let mut ticks = tokio::time::interval(PAUSE);
    let mut posts = JoinSet::new();
    let mut waiting: HashMap<String, Instant> = HashMap::new();
    let (mut texts, mut times) = (0, Vec::new());
    while Instant::now() < end {
        tokio::select! {
            _ = ticks.tick() => {
                let body = make_batch(&options);
                waiting.extend(sid_of(&body).map(|sid| (sid, Instant::now())));
                texts += 1;
                let (client, options) = (client.clone(), options.clone());
                posts.spawn(async move { post_body(&client, &options, body).await });
            }
            Some(Ok(frame)) = socket.next() => take(&frame, &mut waiting, &mut times),
        }
    }
    for posted in posts.join_all().await {
        posted?;
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
        p50_ms: LoadReport::percentile(&times, 0.50),
        p95_ms: LoadReport::percentile(&times, 0.95),
        longest_ms: LoadReport::percentile(&times, 1.0),
    })
}

fn sid_of(batch: &[u8]) -> Option<String> {
    let batch: Value = serde_json::from_slice(batch).ok()?;
    Some(batch[0]["data"]["messageSid"].as_str()?.to_owned())
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

async fn sign_in(
    client: &reqwest::Client,
    origin: &str,
    viewer: &Viewer,
) -> Result<String, ProbeError> {
    let login = json!({ "email": viewer.email, "password": viewer.password, "remember": false });
    let answer = client
        .post(format!("{origin}/api/auth/login"))
        .header("origin", origin)
        .json(&login)
        .send()
        .await?
        .error_for_status()?;
    answer
        .headers()
        .get("set-cookie")
        .and_then(|cookie| cookie.to_str().ok()?.split(';').next())
        .map(str::to_owned)
        .ok_or(ProbeError::NoSession)
}

async fn open_socket(origin: &str, cookie: &str) -> Result<Socket, ProbeError> {
    let address = format!("{}/api/realtime", origin.replacen("http", "ws", 1));
    let mut request = address.into_client_request().map_err(Box::new)?;
    let headers = request.headers_mut();
    headers.insert("origin", HeaderValue::from_str(origin)?);
    headers.insert("cookie", HeaderValue::from_str(cookie)?);
    let (socket, _) = connect_async(request).await.map_err(Box::new)?;
    Ok(socket)
}
