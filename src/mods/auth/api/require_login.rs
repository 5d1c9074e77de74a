use axum::{
    extract::{FromRequestParts, Request},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tower_sessions::Session;

use crate::{
    bases::{error::AppError, http::is_api},
    mods::auth::{
        types::{CurrentUser, NextPage},
        utils::session_util,
    },
};

/// API calls for those who are not signed in.
const PUBLIC_CALLS: [&str; 2] = ["/api/auth/login", "/api/auth/logout"];
/// Pages that need somebody signed in, by the beginning of their path.
const PRIVATE_PAGES: [&str; 2] = ["/messaging", "/settings"];

/// The page where one signs in.
const LOGIN_PAGE: &str = "/login";

/// Sends a browser that asks for a page of the inside to the login page, and back afterwards; and
/// one that is signed in away from the login page. An API call without a session is told so before
/// anything else is looked at.
///
/// It only spares the page and the call: data is guarded by the `CurrentUser` of each call.
pub async fn require_login(session: Session, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_private = path == "/" || PRIVATE_PAGES.iter().any(|page| path.starts_with(page));
    let wants_page = request.method() == Method::GET
        && request
            .headers()
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"));
    if path == LOGIN_PAGE && wants_page {
        return open_login(request, next).await;
    }
    let is_call = is_api(path) && !PUBLIC_CALLS.contains(&path);
    if !(is_call || is_private && wants_page) {
        return next.run(request).await;
    }
    match session_util::user_id(&session).await {
        Ok(Some(_)) => next.run(request).await,
        Ok(None) if is_call => AppError::Unauthorized.into_response(),
        Ok(None) => {
            let target = request
                .uri()
                .path_and_query()
                .map_or("/", |target| target.as_str());
            let target = utf8_percent_encode(target, NON_ALPHANUMERIC);
            Redirect::to(&format!("{LOGIN_PAGE}?next={target}")).into_response()
        }
        Err(error) => error.into_response(),
    }
}

/// What the address of the login page says.
#[derive(serde::Deserialize)]
struct LoginAddress {
    #[serde(default)]
    next: String,
}

async fn open_login(request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if CurrentUser::from_request_parts(&mut parts, &())
        .await
        .is_err()
    {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let query = parts.uri.query().unwrap_or_default();
    let target = serde_urlencoded::from_str(query).map(|LoginAddress { next }| next);
    Redirect::to(NextPage::parse(&target.unwrap_or_default()).as_str()).into_response()
}
