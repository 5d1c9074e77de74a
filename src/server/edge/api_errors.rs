use axum::{
    Json,
    body::to_bytes,
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::bases::{
    error::AppError,
    http::{is_api, is_webhook},
};

/// An error is a sentence.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// Any unknown path below `/api`.
pub async fn no_such_call() -> AppError {
    AppError::not_found("address")
}

/// Gives every error below `/api` the shape of `AppError`, whoever made it: the router, an
/// extractor, or Dioxus, which answers 500 to arguments that it cannot parse.
pub async fn answer_api_errors(request: Request, next: Next) -> Response {
    let is_api = is_api(request.uri().path());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let answer = next.run(request).await;
    let status = answer.status();
    if !is_api || !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let is_json = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if is_json && status != StatusCode::INTERNAL_SERVER_ERROR {
        return answer;
    }
    let (parts, body) = answer.into_parts();
    let body = to_bytes(body, MAX_ERROR_BYTES).await.unwrap_or_default();
    if is_json {
        return match unreadable_argument(&body) {
            Some(wrong) => AppError::bad_request(wrong).into_response(),
            None => Response::from_parts(parts, body.into()),
        };
    }
    let words = String::from_utf8_lossy(&body);
    let message = message_of(status, &words, route.as_ref(), &parts.headers);
    let mut shaped = shape(status, &message);
    // Each is a part of what its status says.
    for name in [
        header::ALLOW,
        header::CONTENT_RANGE,
        header::RETRY_AFTER,
        header::CONNECTION,
    ] {
        if let Some(value) = parts.headers.get(&name) {
            shaped.headers_mut().insert(name, value.clone());
        }
    }
    shaped
}

/// A refusal before routing. It closes the connection, because what the client still sends belongs
/// to the refused request.
pub fn refusal(path: &str, status: StatusCode, message: &str) -> Response {
    let mut answer = if is_api(path) && !is_webhook(path) {
        shape(status, message)
    } else {
        (status, format!("{message}\n")).into_response()
    };
    let close = HeaderValue::from_static("close");
    answer.headers_mut().insert(header::CONNECTION, close);
    answer
}

/// Our own shape (`AppError`) with any status.
fn shape(status: StatusCode, message: &str) -> Response {
    let error = match status {
        StatusCode::UNAUTHORIZED => AppError::Unauthorized,
        StatusCode::FORBIDDEN => AppError::forbidden(message),
        StatusCode::NOT_FOUND => AppError::not_found("address"),
        StatusCode::SERVICE_UNAVAILABLE => AppError::Unavailable,
        status if status.is_server_error() => AppError::Internal,
        _ => AppError::bad_request(message),
    };
    let body = serde_json::json!({
        "message": error.to_string(),
        "code": status.as_u16(),
        "data": error,
    });
    (status, Json(body)).into_response()
}

fn message_of(
    status: StatusCode,
    words: &str,
    route: Option<&MatchedPath>,
    headers: &HeaderMap,
) -> String {
    match status {
        StatusCode::BAD_REQUEST => match wrong_part(words, route) {
            Some(name) => format!("`{name}` in the address is not what it must be"),
            None => words.lines().next().unwrap_or_default().to_owned(),
        },
        StatusCode::METHOD_NOT_ALLOWED => {
            let allowed = headers.get(header::ALLOW).and_then(|it| it.to_str().ok());
            format!("this address takes only {}", allowed.unwrap_or("POST"))
        }
        StatusCode::FORBIDDEN => "this is not allowed".to_owned(),
        _ => status
            .canonical_reason()
            .unwrap_or("refused")
            .to_ascii_lowercase(),
    }
}

/// The name of the part of the address that axum could not read: it tells its place only.
fn wrong_part<'a>(words: &str, route: Option<&'a MatchedPath>) -> Option<&'a str> {
    if !words.starts_with("Invalid URL") {
        return None;
    }
    let place = words.split_once("at index ").map_or("0", |(_, rest)| rest);
    let place = place.split(|c: char| !c.is_ascii_digit()).next();
    let place: usize = place.and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let parts = route?.as_str().split('/');
    parts
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .nth(place)
}

/// What Dioxus says of an argument that it cannot read: an `error` in place of our own fields.
fn unreadable_argument(body: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Unreadable {
        error: String,
    }
    let Unreadable { error } = serde_json::from_slice(body).ok()?;
    let wrong = error.rsplit("results: ").next().unwrap_or_default();
    Some(format!("an argument is wrong: {wrong}"))
}
