use std::{io, path::Path};

use dioxus::server::axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use tower_http::services::ServeFile;

/// Answers with a file or the range of it that is asked for: players seek so, and Safari plays
/// nothing without.
///
/// `described` are the headers of the file; its `ETag` decides whether a range is still of the
/// same file.
pub(super) async fn media_from_disk(
    path: &Path,
    method: Method,
    asked: &HeaderMap,
    described: HeaderMap,
) -> io::Result<Response> {
    let mut request = Request::new(());
    *request.method_mut() = method;
    if let Some(range) = range_of(asked, described.get(header::ETAG)) {
        request.headers_mut().insert(header::RANGE, range.clone());
    }
    let found = ServeFile::new(path).try_call(request).await?;
    if found.status() == StatusCode::NOT_FOUND {
        return Err(io::ErrorKind::NotFound.into());
    }
    let mut response = found.map(Body::new).into_response();
    let headers = response.headers_mut();
    // When this node wrote it: says nothing to others.
    headers.remove(header::LAST_MODIFIED);
    headers.extend(described);
    Ok(response)
}

/// The range, if it is one that is answered: of bytes, a single one, and of the file as it is. All
/// others are answered with the whole file, as https://www.rfc-editor.org/rfc/rfc9110#section-14.2
/// allows.
fn range_of<'a>(asked: &'a HeaderMap, etag: Option<&HeaderValue>) -> Option<&'a HeaderValue> {
    let range = asked.get(header::RANGE)?;
    let text = range.to_str().ok()?;
    let is_single = text.starts_with("bytes=") && !text.contains(',');
    let holds = asked
        .get(header::IF_RANGE)
        .is_none_or(|known| Some(known) == etag);
    (is_single && holds).then_some(range)
}
