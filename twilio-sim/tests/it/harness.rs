use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use twilio_sim::{RunningSimulator, SeedAccount, Simulator, SimulatorConfig, Timing};

pub const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub const TOKEN: &str = "token-of-the-test-account";
pub const MAIN_LINE: &str = "+14155550134";
pub const DISPATCH: &str = "+14155550187";
pub const CUSTOMER: &str = "+14155550162";

/// A simulator with one account and two numbers, and a client for it.
pub struct World {
    pub simulator: RunningSimulator,
    pub http: reqwest::Client,
}

impl World {
    pub async fn start() -> Self {
        Self::start_with(Timing::instant()).await
    }

    pub async fn start_with(timing: Timing) -> Self {
        let account = SeedAccount {
            sid: ACCOUNT.to_owned(),
            auth_token: TOKEN.to_owned(),
            friendly_name: "Alder Home".to_owned(),
        };
        let config = SimulatorConfig {
            port: 0,
            account: Some(account),
            timing,
        };
        let simulator = Simulator::spawn(config)
            .await
            .expect("the simulator starts");
        let world = Self {
            simulator,
            http: reqwest::Client::new(),
        };
        for (number, name) in [(MAIN_LINE, "Main line"), (DISPATCH, "Dispatch")] {
            let number = json!({
                "account_sid": ACCOUNT, "phone_number": number, "friendly_name": name,
            });
            assert_eq!(world.control("numbers", number).await.0, 200);
        }
        world
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.base_url())
    }

    pub fn account_url(&self, rest: &str) -> String {
        self.url(&format!("/2010-04-01/Accounts/{ACCOUNT}{rest}"))
    }

    pub async fn get(&self, url: &str) -> (u16, Value) {
        read(self.http.get(url).basic_auth(ACCOUNT, Some(TOKEN))).await
    }

    pub async fn post(&self, url: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let request = self.http.post(url).basic_auth(ACCOUNT, Some(TOKEN));
        read(request.form(form)).await
    }

    pub async fn delete(&self, url: &str) -> u16 {
        read(self.http.delete(url).basic_auth(ACCOUNT, Some(TOKEN)))
            .await
            .0
    }

    pub async fn control(&self, path: &str, body: Value) -> (u16, Value) {
        read(
            self.http
                .post(self.url(&format!("/sim/{path}")))
                .json(&body),
        )
        .await
    }

    pub async fn send(&self, extra: &[(&str, &str)]) -> (u16, Value) {
        let mut form = vec![("To", CUSTOMER), ("From", MAIN_LINE), ("Body", "Hello")];
        form.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
        form.extend_from_slice(extra);
        self.post(&self.account_url("/Messages.json"), &form).await
    }

    /// A sink to the receiver, and a subscription to every SMS event.
    pub async fn subscribe(&self, destination: &str, batch: bool) -> String {
        let configuration = json!({
            "destination": destination, "method": "POST", "batch_events": batch,
        })
        .to_string();
        let (status, sink) = self
            .post(
                &self.url("/v1/Sinks"),
                &[
                    ("Description", "test"),
                    ("SinkConfiguration", &configuration),
                    ("SinkType", "webhook"),
                ],
            )
            .await;
        assert_eq!(status, 201, "{sink}");
        let sink_sid = text(&sink, "sid");
        let types: Vec<String> = [
            "inbound-message.received",
            "message.sent",
            "message.delivered",
            "message.failed",
            "message.undelivered",
        ]
        .iter()
        .map(|name| json!({ "type": format!("com.twilio.messaging.{name}") }).to_string())
        .collect();
        let mut form = vec![("Description", "test"), ("SinkSid", sink_sid.as_str())];
        form.extend(types.iter().map(|one| ("Types", one.as_str())));
        let (status, answer) = self.post(&self.url("/v1/Subscriptions"), &form).await;
        assert_eq!(status, 201, "{answer}");
        sink_sid
    }

    /// Waits until everything is delivered and every message has its last status.
    pub async fn settle(&self) {
        eventually("the simulator comes to rest", || self.simulator.is_quiet()).await;
    }
}

async fn read(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or(Value::Null))
}

pub fn text(value: &Value, key: &str) -> String {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} in {value}"))
        .to_owned()
}

/// A customer's text to the main line; its SID.
pub async fn text_in(world: &World, body: &str) -> String {
    let message = json!({ "from": CUSTOMER, "to": MAIN_LINE, "body": body });
    let (status, answer) = world.control("customer-messages", message).await;
    assert_eq!(status, 200, "{answer}");
    text(&answer, "sid")
}

/// Polls until the condition holds, for at most a minute.
pub async fn eventually(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..6_000 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("did not happen within a minute: {what}");
}

/// A request that the receiver got.
#[derive(Debug, Clone)]
pub struct Received {
    /// Path and query.
    pub target: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Received {
    pub fn events(&self) -> Vec<Value> {
        serde_json::from_slice(&self.body).expect("a JSON array of events")
    }

    pub fn signature(&self) -> &str {
        self.headers["x-twilio-signature"].to_str().expect("ASCII")
    }
}

#[derive(Debug, Default)]
struct Inbox {
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
    received: Mutex<Vec<Received>>,
    answers: Mutex<VecDeque<u16>>,
    hang: Mutex<Option<Duration>>,
    slow: Mutex<Duration>,
}

/// A webhook receiver that keeps what it gets and answers as told.
#[derive(Debug)]
pub struct Receiver {
    pub base_url: String,
    inbox: Arc<Inbox>,
}

impl Receiver {
    pub async fn start() -> Self {
        let inbox = Arc::new(Inbox::default());
        let router = Router::new()
            .route("/{*path}", post(receive))
            .with_state(Arc::clone(&inbox));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            base_url: format!("http://{address}"),
            inbox,
        }
    }

    /// The next answers; after them every answer is 200.
    pub fn answer(&self, statuses: &[u16]) {
        self.inbox
            .answers
            .lock()
            .expect("not poisoned")
            .extend(statuses);
    }

    /// Lets the next request wait.
    pub fn hang_once(&self, pause: Duration) {
        *self.inbox.hang.lock().expect("not poisoned") = Some(pause);
    }

    /// Most requests that were open at the same time.
    pub fn most_under_way(&self) -> usize {
        self.inbox.most_under_way.load(Ordering::SeqCst)
    }

    /// Lets every request take a while.
    pub fn be_slow(&self, pause: Duration) {
        *self.inbox.slow.lock().expect("not poisoned") = pause;
    }

    pub fn received(&self) -> Vec<Received> {
        self.inbox.received.lock().expect("not poisoned").clone()
    }
}

async fn receive(
    State(inbox): State<Arc<Inbox>>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let open = inbox.under_way.fetch_add(1, Ordering::SeqCst) + 1;
    inbox.most_under_way.fetch_max(open, Ordering::SeqCst);
    let slow = *inbox.slow.lock().expect("not poisoned");
    tokio::time::sleep(slow).await;
    let target = uri
        .path_and_query()
        .map_or_else(String::new, ToString::to_string);
    inbox.received.lock().expect("not poisoned").push(Received {
        target,
        headers,
        body,
    });
    let pause = inbox.hang.lock().expect("not poisoned").take();
    if let Some(pause) = pause {
        tokio::time::sleep(pause).await;
    }
    inbox.under_way.fetch_sub(1, Ordering::SeqCst);
    let answer = inbox.answers.lock().expect("not poisoned").pop_front();
    StatusCode::from_u16(answer.unwrap_or(200)).expect("a status")
}
