//! Signed events, posted to the webhook as Twilio does, by `event-load`.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::tool_command::tool_command;
use crate::demo::simulator_account::{SIMULATOR_ACCOUNT_SID, SIMULATOR_AUTH_TOKEN};

const SECONDS: u32 = 15;

/// How the events are posted.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Posts at once.
    pub connections: u32,
    /// Events in one post.
    pub batch: u32,
    /// Events per second; none for as many as possible.
    pub rate: Option<u32>,
}

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub struct LoadResult {
    pub events_per_second: f64,
    /// Median time to the answer, in milliseconds.
    pub p50_ms: f64,
    /// 99th percentile, in milliseconds.
    pub p99_ms: f64,
}

/// Posts for a while and reads the result.
///
/// # Errors
/// When the generator fails, or any post was not accepted.
pub fn run_event_load(
    context: &Context,
    generator: &Path,
    port: u16,
    load: Load,
) -> Result<LoadResult> {
    let mut command = tool_command(generator);
    command
        .args(["--url", &format!("http://127.0.0.1:{port}/twilio/events")])
        .args([
            "--account-sid",
            SIMULATOR_ACCOUNT_SID,
            "--auth-token",
            SIMULATOR_AUTH_TOKEN,
        ])
        .args(["--connections", &load.connections.to_string()])
        .args([
            "--batch",
            &load.batch.to_string(),
            "--seconds",
            &SECONDS.to_string(),
        ]);
    if let Some(rate) = load.rate {
        command.args(["--rate", &rate.to_string()]);
    }
    let finished = run_logged(&mut command, &context.interrupt)?;
    let report = finished
        .lines
        .iter()
        .rev()
        .find_map(|line| serde_json::from_str::<Value>(line).ok())
        .context("the load generator printed no JSON")?;
    parse_report(&report)
}

fn parse_report(report: &Value) -> Result<LoadResult> {
    let number = |key: &str| {
        report[key]
            .as_f64()
            .with_context(|| format!("the load report lacks {key}"))
    };
    let errors = number("errors")?;
    if errors > 0.0 {
        bail!("{errors} posts were not accepted: {report}");
    }
    Ok(LoadResult {
        events_per_second: number("events_per_second")?,
        p50_ms: number("p50_ms")?,
        p99_ms: number("p99_ms")?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_report_with_refused_posts_is_no_result() {
        let mut report =
            json!({"errors": 0, "events_per_second": 10.5, "p50_ms": 1.0, "p99_ms": 2.0});
        assert_eq!(
            parse_report(&report).ok().map(|result| result.p99_ms),
            Some(2.0)
        );
        report["errors"] = json!(3);
        assert!(parse_report(&report).is_err());
    }
}
