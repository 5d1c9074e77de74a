use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures::{StreamExt, stream};

/// Time for the first half to leave before the connection breaks.
const BEFORE_THE_CUT: Duration = Duration::from_millis(10);
/// Longest body of any answer of the simulator.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Promises the whole body, sends its first half and breaks the connection.
pub(crate) async fn cut_answer(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = to_bytes(body, MAX_BYTES).await.unwrap_or_default();
    // Something must be missing from an empty body too.
    let promised = HeaderValue::from(whole.len().max(2));
    parts.headers.insert(header::CONTENT_LENGTH, promised);
    let half = whole.slice(..whole.len() / 2);
    let first = stream::once(async { Ok::<Bytes, io::Error>(half) });
    let then = stream::once(async {
        tokio::time::sleep(BEFORE_THE_CUT).await;
        Err(io::Error::other("cut, as armed"))
    });
    Response::from_parts(parts, Body::from_stream(first.chain(then)))
}
