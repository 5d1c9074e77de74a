use axum::http::{Response, header};
use tower_http::{
    CompressionLevel,
    compression::{CompressionLayer, Predicate},
};

/// Smaller answers fit into one packet anyway.
const MIN_BYTES: u64 = 1_024;
/// Of brotli's 11: beyond it, an answer takes longer to compress than it saves on the way.
const LEVEL: i32 = 4;
/// What is text. Pictures, films, sound and archives are compressed already; what a server sends
/// bit by bit would wait in the compressor.
const KINDS: [&str; 7] = [
    "text/html",
    "text/css",
    "text/csv",
    "text/javascript",
    "text/plain",
    "application/json",
    "image/svg+xml",
];

/// Compresses what is worth it, with brotli or gzip as the client prefers. What already has a
/// `Content-Encoding` (assets compressed at build time) stays as it is.
pub fn compression() -> CompressionLayer<WorthIt> {
    CompressionLayer::new()
        .br(true)
        .gzip(true)
        .quality(CompressionLevel::Precise(LEVEL))
        .compress_when(WorthIt)
}

/// Whether an answer is a text that is long enough.
#[derive(Debug, Clone, Copy)]
pub struct WorthIt;

impl Predicate for WorthIt {
    fn should_compress<B: axum::body::HttpBody>(&self, answer: &Response<B>) -> bool {
        let kind = answer.headers().get(header::CONTENT_TYPE);
        let is_text = kind
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| {
                let kind = kind.split(';').next().unwrap_or_default();
                KINDS.contains(&kind.trim())
            });
        let has_length = answer.body().size_hint().exact();
        is_text && has_length.is_none_or(|bytes| bytes >= MIN_BYTES)
    }
}
