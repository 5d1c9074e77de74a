use chrono::{DateTime, Utc};
use serde::Serialize;

/// A request for the bytes of a file at the media host.
#[derive(Debug, Clone, Serialize)]
pub struct CdnRequest {
    /// Number in the log.
    pub seq: u64,
    /// When it arrived.
    pub at: DateTime<Utc>,
    /// Host and port that it named.
    pub host: String,
    /// Path without the query.
    pub path: String,
    /// Status of the answer; 0 if there was none.
    pub status: u16,
    /// Whether an Authorization header came along, which must never happen: the account's token
    /// does not belong on another host.
    pub carried_authorization: bool,
    /// Bytes of the answer.
    pub bytes: usize,
    /// The fault that was injected.
    pub fault: Option<&'static str>,
}
