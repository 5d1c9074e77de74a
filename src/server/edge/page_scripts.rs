use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use rand::Rng;

/// A page with its data; the largest seen has 300 kB.
const MAX_PAGE_BYTES: usize = 8 * 1024 * 1024;
/// Where Dioxus puts a page, and right behind it its script that waits for the client.
const MAIN: &str = "<div id=\"main\">";
/// Behind the page, its data for the client.
const DATA_SCRIPT: &str = "<script>window.initial_dioxus_hydration_data=";
const SCRIPT: &str = "<script>";

/// What the inline scripts of one page are marked with; the policy of the page names it.
#[derive(Debug, Clone)]
pub struct PageNonce(pub String);

/// Marks the two inline scripts that Dioxus puts into a page, and nothing else. An injected script
/// has no mark, so it does not run.
pub async fn mark_page_scripts(request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    let is_page = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    // Dioxus renders the whole page before it sends the first byte, so nothing waits for this.
    let page = match to_bytes(body, MAX_PAGE_BYTES).await {
        Ok(page) => page,
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let nonce = BASE64.encode(rand::rng().random::<[u8; 16]>());
    let marked = mark(&String::from_utf8_lossy(&page), &nonce);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.extensions.insert(PageNonce(nonce));
    Response::from_parts(parts, Body::from(marked))
}

fn mark(page: &str, nonce: &str) -> String {
    let first = page
        .find(MAIN)
        .map(|at| at + MAIN.len())
        .filter(|at| page[*at..].starts_with(SCRIPT));
    // The last one, because whatever stands before it may come from a text of the page.
    let last = page.rfind(DATA_SCRIPT);
    let mut marked = String::with_capacity(page.len() + 2 * (nonce.len() + 10));
    let mut done = 0;
    for at in first.into_iter().chain(last) {
        let end = at + SCRIPT.len() - 1;
        marked.push_str(&page[done..end]);
        marked.push_str(&format!(" nonce=\"{nonce}\""));
        done = end;
    }
    marked.push_str(&page[done..]);
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_scripts_of_dioxus_are_marked() {
        let page = "<body><div id=\"main\"><script>first()</script><p><script>evil()</script>\
            <script>window.initial_dioxus_hydration_data=\"evil\"</script></p></div>\
            <script>window.initial_dioxus_hydration_data=\"YQ\";</script></body>";
        assert_eq!(
            mark(page, "n"),
            "<body><div id=\"main\"><script nonce=\"n\">first()</script><p><script>evil()</script>\
             <script>window.initial_dioxus_hydration_data=\"evil\"</script></p></div>\
             <script nonce=\"n\">window.initial_dioxus_hydration_data=\"YQ\";</script></body>"
        );
        assert_eq!(mark("<p>no script</p>", "n"), "<p>no script</p>");
    }
}
