use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

/// A REST request that was received. Headers are not kept, so no credentials are.
#[derive(Debug, Clone, Serialize)]
pub struct RequestRecord {
    /// Number in the log.
    pub seq: u64,
    /// When it arrived.
    pub at: DateTime<Utc>,
    /// HTTP method.
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// Query parameters; a name can have several values.
    pub query: BTreeMap<String, Vec<String>>,
    /// Form fields; a name can have several values.
    pub form: BTreeMap<String, Vec<String>>,
    /// Status of the answer; 0 if its sender went away before there was one.
    pub status: u16,
    /// Twilio error code of the answer.
    pub error_code: Option<u32>,
    /// Time taken to answer, in milliseconds.
    pub duration_ms: u64,
    /// The fault that was injected.
    pub fault: Option<&'static str>,
}

impl RequestRecord {
    /// True if it asked for a change: every method but GET and HEAD.
    #[must_use]
    pub fn is_mutating(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD")
    }
}
