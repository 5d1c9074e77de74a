use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::simulation::Simulation;

const PAGE: &str = include_str!("../../assets/handset.html");
const SCRIPTS: [(&str, &str); 6] = [
    ("/handset/base.js", include_str!("../../assets/base.js")),
    (
        "/handset/conversation.js",
        include_str!("../../assets/conversation.js"),
    ),
    (
        "/handset/handset.js",
        include_str!("../../assets/handset.js"),
    ),
    (
        "/handset/network.js",
        include_str!("../../assets/network.js"),
    ),
    ("/handset/who.js", include_str!("../../assets/who.js")),
    ("/handset/wire.js", include_str!("../../assets/wire.js")),
];
const TOKENS: &str = include_str!("../../assets/tokens.css");
const ICONS: &str = include_str!("../../assets/icons.css");
const STYLE: &str = include_str!("../../assets/handset.css");

/// Nothing but the page's own files; the icons are `data:` images.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Routes of the handset page and its files.
pub(crate) fn handset_router() -> Router<Arc<Simulation>> {
    let css = "text/css; charset=utf-8";
    let mut router = Router::new().route("/", get(async || file("text/html; charset=utf-8", PAGE)));
    for (path, script) in SCRIPTS {
        let javascript = "text/javascript; charset=utf-8";
        router = router.route(path, get(async move || file(javascript, script)));
    }
    router
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
