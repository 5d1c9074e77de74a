use std::{
    collections::{HashMap, HashSet},
    net::TcpListener,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

/// What a Twilio does with a page token of a list with a filter by date that comes back without
/// that filter. Nothing is promised about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strangeness {
    /// It refuses the token.
    Refuses,
    /// It begins at the list's beginning.
    BeginsAgain,
    /// It goes on in the list with the filter.
    KeepsTheFilter,
}

/// Stands between the server and the simulator, and is strange to such tokens.
#[derive(Debug)]
pub struct StrangeTwilio {
    pub url: String,
    state: Arc<Strange>,
}

#[derive(Debug)]
struct Strange {
    target: String,
    strangeness: Strangeness,
    http: reqwest::Client,
    tokens: Mutex<Tokens>,
    met: AtomicUsize,
}

/// The tokens that were given out.
#[derive(Debug, Default)]
struct Tokens {
    /// With the filters of their lists.
    filtered: HashMap<String, Vec<String>>,
    /// Of lists without a filter.
    of_whole_list: HashSet<String>,
}

impl StrangeTwilio {
    /// Stands before the simulator at `target`.
    pub fn start(target: &str, strangeness: Strangeness) -> Self {
        let state = Arc::new(Strange {
            target: target.to_owned(),
            strangeness,
            http: reqwest::Client::new(),
            tokens: Mutex::default(),
            met: AtomicUsize::new(0),
        });
        let router = Router::new()
            .fallback(pass_on)
            .with_state(Arc::clone(&state));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("it can be set");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            axum::serve(listener, router).await.expect("it serves");
        });
        Self {
            url: format!("http://{address}"),
            state,
        }
    }

    /// How often such a token came.
    pub fn met(&self) -> usize {
        self.state.met.load(Ordering::Relaxed)
    }
}

async fn pass_on(State(strange): State<Arc<Strange>>, uri: Uri, headers: HeaderMap) -> Response {
    let mut query: Vec<String> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .map(str::to_owned)
        .collect();
    if let Some(filters) = strange.filters_of_moved_token(&query) {
        strange.met.fetch_add(1, Ordering::Relaxed);
        match strange.strangeness {
            Strangeness::Refuses => {
                let problem =
                    json!({ "code": 20001, "message": "Invalid PageToken", "status": 400 });
                return (StatusCode::BAD_REQUEST, axum::Json(problem)).into_response();
            }
            Strangeness::BeginsAgain => query.retain(|pair| !pair.starts_with("Page")),
            Strangeness::KeepsTheFilter => query.extend(filters),
        }
    }
    let target = format!("{}{}?{}", strange.target, uri.path(), query.join("&"));
    let mut request = strange.http.get(target);
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        request = request.header(header::AUTHORIZATION, value);
    }
    let Ok(answer) = request.send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let status = answer.status();
    let answer: Value = answer.json().await.unwrap_or_default();
    strange.remember(answer["next_page_uri"].as_str());
    (status, axum::Json(answer)).into_response()
}

impl Strange {
    /// The filters that are missing beside a token.
    fn filters_of_moved_token(&self, query: &[String]) -> Option<Vec<String>> {
        if !filters(query).is_empty() {
            return None;
        }
        let token = token(query)?;
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.of_whole_list.contains(&token) {
            return None;
        }
        tokens.filtered.get(&token).cloned()
    }

    fn remember(&self, next_page: Option<&str>) {
        let Some((_, query)) = next_page.and_then(|link| link.split_once('?')) else {
            return;
        };
        let query: Vec<String> = query.split('&').map(str::to_owned).collect();
        let Some(token) = token(&query) else { return };
        let filters = filters(&query);
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if filters.is_empty() {
            tokens.of_whole_list.insert(token);
        } else {
            tokens.filtered.insert(token, filters);
        }
    }
}

fn token(query: &[String]) -> Option<String> {
    query
        .iter()
        .find_map(|pair| pair.strip_prefix("PageToken="))
        .map(str::to_owned)
}

fn filters(query: &[String]) -> Vec<String> {
    let dates = query.iter().filter(|pair| pair.starts_with("DateSent"));
    dates.cloned().collect()
}
