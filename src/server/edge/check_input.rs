use std::borrow::Cow;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::bases::{api_json::MAX_BODY_BYTES, error::AppError, http::is_webhook};

/// How JSON writes the character NUL.
const ESCAPED_NUL: &[u8] = br"\u0000";

/// Refuses the character NUL anywhere in a request, because Postgres cannot store it in a text.
/// Names the field.
///
/// Except in Twilio's posts: a customer's text is stored, with the NUL replaced.
pub async fn check_input(request: Request, next: Next) -> Response {
    if is_webhook(request.uri().path()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    // It is here already (`receive_body`).
    let body = to_bytes(body, MAX_BODY_BYTES).await.unwrap_or_default();
    let query = parts.uri.query().unwrap_or_default();
    let field = in_query(query)
        .or_else(|| in_path(parts.uri.path()))
        .or_else(|| in_json(&body));
    match field {
        None => next.run(Request::from_parts(parts, Body::from(body))).await,
        Some(field) => AppError::bad_request(format!("`{field}` must not hold the character NUL"))
            .into_response(),
    }
}

fn in_query(query: &str) -> Option<String> {
    // As forms are decoded everywhere else.
    let pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = query
        .contains("%00")
        .then(|| serde_urlencoded::from_str(query).ok())
        .flatten()?;
    let holds_nul = |text: &str| text.contains('\0');
    pairs
        .into_iter()
        .find(|(name, value)| holds_nul(name) || holds_nul(value))
        .map(|(name, _)| name.replace('\0', "\u{fffd}"))
}

fn in_path(path: &str) -> Option<String> {
    let holds_nul = path.contains("%00") && percent_decode_str(path).any(|byte| byte == 0);
    holds_nul.then(|| "address".to_owned())
}

fn in_json(body: &Bytes) -> Option<String> {
    let may_hold = body
        .windows(ESCAPED_NUL.len())
        .any(|part| part == ESCAPED_NUL);
    // What is no JSON is refused where it is read.
    let value: Value = may_hold
        .then(|| serde_json::from_slice(body).ok())
        .flatten()?;
    find_nul(&value, "body")
}

/// The name of the field that holds a NUL; `name` is that of the value itself.
fn find_nul(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(|| name.to_owned()),
        Value::Array(values) => values.iter().find_map(|value| find_nul(value, name)),
        Value::Object(fields) => fields.iter().find_map(|(field, value)| {
            if field.contains('\0') {
                return Some(name.to_owned());
            }
            find_nul(value, field)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_found_wherever_it_stands_and_named() {
        let json = |text: &'static str| in_json(&Bytes::from_static(text.as_bytes()));
        assert_eq!(json(r#"{"email":"a\u0000"}"#).as_deref(), Some("email"));
        let nested = r#"{"voice_answer":{"kind":"say","text":["x","\u0000"]}}"#;
        assert_eq!(json(nested).as_deref(), Some("text"));
        assert_eq!(json(r#"{"a\u0000":1}"#).as_deref(), Some("body"));
        assert_eq!(json(r#"{"body":"the six characters \\u0000"}"#), None);
        assert_eq!(json("\\u0000 is no JSON"), None);
        assert_eq!(in_query("filter=all&before=%00").as_deref(), Some("before"));
        assert_eq!(in_query("before=%2500"), None);
        assert!(in_path("/api/messages/%00").is_some());
        assert!(in_path("/api/messages/%2500").is_none());
    }
}
