use axum::{
    extract::Request,
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tower_sessions::Session;

use crate::mods::auth::utils::session_util;

/// Pages that need somebody signed in, by the beginning of their path.
const PRIVATE_PAGES: [&str; 2] = ["/messaging", "/settings"];

/// Sends a browser that asks for a page of the inside to the login page, and back afterwards.
///
/// It only spares the page: data is guarded by the `CurrentUser` of each call.
pub async fn require_login(session: Session, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_private = path == "/" || PRIVATE_PAGES.iter().any(|page| path.starts_with(page));
    let wants_page = request.method() == Method::GET
        && request
            .headers()
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"));
    if !(is_private && wants_page) {
        return next.run(request).await;
    }
    match session_util::user_id(&session).await {
        Ok(Some(_)) => next.run(request).await,
        Ok(None) => {
            let target = request
                .uri()
                .path_and_query()
                .map_or("/", |target| target.as_str());
            let target = utf8_percent_encode(target, NON_ALPHANUMERIC);
            Redirect::to(&format!("/login?next={target}")).into_response()
        }
        Err(error) => error.into_response(),
    }
}
