use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::simulation::Simulation;

const PAGE: &str = include_str!("../../assets/handset.html");
const SCRIPT: &str = include_str!("../../assets/handset.js");
const TOKENS: &str = include_str!("../../../assets/tokens.css");
const ICONS: &str = include_str!("../../assets/icons.css");
const STYLE: &str = include_str!("../../assets/handset.css");

/// Nothing but the page's own files; the icons are `data:` images.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Routes of the handset page and its files.
pub(crate) fn handset_router() -> Router<Arc<Simulation>> {
    let css = "text/css; charset=utf-8";
    Router::new()
        .route("/", get(async || file("text/html; charset=utf-8", PAGE)))
        .route(
            "/handset/handset.js",
            get(async || file("text/javascript; charset=utf-8", SCRIPT)),
        )
        .route("/handset/tokens.css", get(async move || file(css, TOKENS)))
        .route("/handset/icons.css", get(async move || file(css, ICONS)))
        .route("/handset/handset.css", get(async move || file(css, STYLE)))
}

fn file(content_type: &'static str, text: &'static str) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text)
}
