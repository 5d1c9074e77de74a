//! Single texts until they come to the socket of somebody who looks at the inbox.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::tool_command::tool_command;
use crate::demo::simulator_account::{SIMULATOR_ACCOUNT_SID, SIMULATOR_AUTH_TOKEN};

/// The demo's admin.
const VIEWER: [&str; 2] = ["priya@alder.example", "copper-kettle-2217"];
const SECONDS: u32 = 5;

/// What was measured, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct ProbeResult {
    pub texts: u64,
    /// Texts that never came.
    pub lost: u64,
    pub p50_ms: f64,
    pub p95_ms: f64,
    pub longest_ms: f64,
}

/// Posts a text every 50 ms for a while and waits for each.
///
/// # Errors
/// When the generator fails: it could not sign in, or a post was refused.
pub fn run_live_probe(context: &Context, generator: &Path, port: u16) -> Result<ProbeResult> {
    let mut command = tool_command(generator);
    command
        .args(["--url", &format!("http://127.0.0.1:{port}/twilio/events")])
        .args(["--account-sid", SIMULATOR_ACCOUNT_SID])
        .args(["--auth-token", SIMULATOR_AUTH_TOKEN])
        .args(["--viewer-email", VIEWER[0], "--viewer-password", VIEWER[1]])
        .args(["--seconds", &SECONDS.to_string()]);
    let finished = run_logged(&mut command, &context.interrupt)?;
    let report = finished
        .lines
        .iter()
        .rev()
        .find_map(|line| serde_json::from_str::<Value>(line).ok())
        .context("the probe printed no JSON")?;
    let number = |key: &str| report[key].as_f64().with_context(|| format!("no {key}"));
    Ok(ProbeResult {
        texts: number("texts")? as u64,
        lost: number("lost")? as u64,
        p50_ms: number("p50_ms")?,
        p95_ms: number("p95_ms")?,
        longest_ms: number("longest_ms")?,
    })
}
