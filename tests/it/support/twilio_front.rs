use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};

/// Longer than anybody waits.
const FOR_EVER: Duration = Duration::from_secs(600);

/// What happens to a call on its way to Twilio and back.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Twilio never hears of it; this status comes back, with a `Retry-After` in seconds.
    Answer(StatusCode, Option<u32>),
    /// Twilio never hears of it; this status comes back, with a code and words, and a
    /// `Retry-After` in seconds.
    Problem(StatusCode, i32, &'static str, Option<u32>),
    /// Twilio never hears of it, and no answer ever comes.
    Swallow,
    /// Twilio does it, and its answer is lost: 502 comes back.
    LoseAnswer,
    /// Twilio does it, and no answer ever comes.
    Hang,
    /// Twilio does it, and its answer waits for [`TwilioFront::release`].
    HoldAnswer,
    /// Another body is answered, with status 200.
    Body(String),
}

/// The network between the server and the simulator, which can be made to fail.
#[derive(Debug)]
pub struct TwilioFront {
    pub url: String,
    line: Arc<Line>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Line {
    target: String,
    http: reqwest::Client,
    /// For the next calls that create a message.
    on_create: Mutex<VecDeque<Fault>>,
    /// For the next calls that list messages.
    on_list: Mutex<VecDeque<Fault>>,
    /// How many calls there were of each kind.
    calls: Mutex<Calls>,
    /// Who called, by their own words.
    user_agents: Mutex<BTreeSet<String>>,
    release: Notify,
}

/// How often Twilio was called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Calls {
    /// To create a message.
    pub creates: usize,
    /// To list messages.
    pub lists: usize,
}

impl TwilioFront {
    /// A line to the Twilio at `target`.
    pub async fn start(target: &str) -> Self {
        let line = Arc::new(Line {
            target: target.to_owned(),
            http: reqwest::Client::new(),
            on_create: Mutex::default(),
            on_list: Mutex::default(),
            calls: Mutex::default(),
            user_agents: Mutex::default(),
            release: Notify::new(),
        });
        let router = Router::new()
            .fallback(pass_on)
            .with_state(Arc::clone(&line));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        Self {
            url: format!("http://{address}"),
            line,
            task,
        }
    }

    /// Breaks the next call that creates a message; several wait in order.
    pub fn on_create(&self, fault: Fault) {
        lock(&self.line.on_create).push_back(fault);
    }

    /// Breaks the next call that lists messages; several wait in order.
    pub fn on_list(&self, fault: Fault) {
        lock(&self.line.on_list).push_back(fault);
    }

    /// Lets an answer that is held go.
    pub fn release(&self) {
        self.line.release.notify_one();
    }

    /// The `User-Agent`s of the calls so far.
    pub fn user_agents(&self) -> BTreeSet<String> {
        lock(&self.line.user_agents).clone()
    }

    /// The calls so far.
    pub fn calls(&self) -> Calls {
        *lock(&self.line.calls)
    }
}

impl Drop for TwilioFront {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass_on(
    State(line): State<Arc<Line>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let caller = headers.get(header::USER_AGENT);
    let caller = caller.and_then(|name| name.to_str().ok());
    lock(&line.user_agents).insert(caller.unwrap_or_default().to_owned());
    let fault = next_fault(&line, &method, uri.path());
    let problem = match &fault {
        Some(Fault::Answer(status, retry_after)) => Some((*status, 20_000, "no", *retry_after)),
        Some(Fault::Problem(status, code, words, retry_after)) => {
            Some((*status, *code, *words, *retry_after))
        }
        _ => None,
    };
    if let Some((status, code, words, retry_after)) = problem {
        let retry_after = retry_after.map(|seconds| [(header::RETRY_AFTER, seconds.to_string())]);
        let problem = axum::Json(serde_json::json!({
            "code": code, "message": words, "status": status.as_u16(),
        }));
        return (
            status,
            retry_after.unwrap_or([(header::RETRY_AFTER, String::new())]),
            problem,
        )
            .into_response();
    }
    if matches!(fault, Some(Fault::Swallow)) {
        tokio::time::sleep(FOR_EVER).await;
    }
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let mut request = line
        .http
        .request(method, format!("{}{target}", line.target))
        .body(body);
    for name in [header::AUTHORIZATION, header::CONTENT_TYPE] {
        if let Some(value) = headers.get(&name) {
            request = request.header(name, value);
        }
    }
    let Ok(answer) = request.send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let status = answer.status();
    let answer = answer.text().await.unwrap_or_default();
    match fault {
        Some(Fault::LoseAnswer) => return StatusCode::BAD_GATEWAY.into_response(),
        Some(Fault::Hang) => tokio::time::sleep(FOR_EVER).await,
        Some(Fault::HoldAnswer) => line.release.notified().await,
        Some(Fault::Body(body)) => return as_json(StatusCode::OK, body),
        Some(Fault::Answer(..) | Fault::Problem(..) | Fault::Swallow) | None => {}
    }
    as_json(status, answer)
}

fn as_json(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn next_fault(line: &Line, method: &Method, path: &str) -> Option<Fault> {
    if !path.ends_with("/Messages.json") {
        return None;
    }
    if *method == Method::POST {
        lock(&line.calls).creates += 1;
        lock(&line.on_create).pop_front()
    } else {
        lock(&line.calls).lists += 1;
        lock(&line.on_list).pop_front()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
