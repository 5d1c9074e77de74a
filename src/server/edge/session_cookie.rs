use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::bases::config::Config;

/// The cookie of a session.
const NAME: &str = "loquent_session";
/// The same where browsers reach us by https: the prefix lets them take it only from this very
/// host, over https, so that no neighbour below the same domain can plant one.
const HOST_NAME: &str = "__Host-loquent_session";

/// The name of the cookie of a session.
pub fn session_cookie_name(config: &Config) -> &'static str {
    if config.is_https() { HOST_NAME } else { NAME }
}

/// Lets sessions that began under the old name of the cookie go on until they end by themselves.
/// `name` is the present one. Can go when the last of them has: 30 days after every installation has this version.
pub async fn accept_old_session_cookie(
    State(name): State<&'static str>,
    mut request: Request,
    next: Next,
) -> Response {
    if name == HOST_NAME
        && let Some(renamed) = renamed(&request)
    {
        request.headers_mut().insert(header::COOKIE, renamed);
    }
    next.run(request).await
}

fn renamed(request: &Request) -> Option<HeaderValue> {
    let cookies: Vec<&str> = request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .map(str::trim)
        .collect();
    let is_named = |cookie: &str, name: &str| {
        cookie
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with('='))
    };
    let has_new = cookies.iter().any(|cookie| is_named(cookie, HOST_NAME));
    let old = cookies.iter().position(|cookie| is_named(cookie, NAME));
    let old = old.filter(|_| !has_new)?;
    let with_new_name = format!("__Host-{}", cookies[old]);
    let mut all = cookies;
    all[old] = &with_new_name;
    HeaderValue::try_from(all.join("; ")).ok()
}
