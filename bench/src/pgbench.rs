//! What the database alone can do.

use std::fs;

use anyhow::{Context as _, Result};
use xtask::base::context::Context;
use xtask::base::logged_command::run_logged;
use xtask::base::tool_command::tool_command;
use xtask::setup::postgres::find_postgres_program;

use crate::database::Database;

/// Connections that insert at once.
const CLIENTS: u32 = 16;
const SECONDS: u32 = 15;

/// As large as an inbound-message event of Event Streams.
const PAYLOAD_BYTES: usize = 700;

/// A table of the same shape as the inbox of events, with its indexes.
const TABLE: &str = "CREATE TABLE bench_event (LIKE twilio_event INCLUDING ALL)";

/// Single-row inserts per second, one commit each, into a migrated database.
///
/// # Errors
/// When there is no pgbench, or it fails or says no number.
pub fn single_row_inserts(context: &Context, database: &Database<'_>) -> Result<f64> {
    let pgbench = find_postgres_program(&database.postgres, "pgbench").context(
        "pgbench is missing (it measures the database alone): install the package postgresql-contrib",
    )?;
    database.run(TABLE)?;
    let script = context.target.join("test-logs/single-row-insert.sql");
    fs::write(&script, insert_script()).context("cannot write the pgbench script")?;
    let mut command = tool_command(pgbench);
    command
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
        .arg(format!("--client={CLIENTS}"))
        .arg(format!("--time={SECONDS}"))
        .arg(format!("--file={}", script.display()))
        .arg(&database.url);
    let finished = run_logged(&mut command, &context.interrupt)?;
    transactions_per_second(&finished.lines).context("pgbench printed no tps")
}

fn insert_script() -> String {
    format!(
        "\\set n random(1, 9000000000000000000)\n\
         INSERT INTO bench_event (account_sid, event_id, event_type, message_sid, payload) \
         VALUES ('ACdec0de00000000000000000000000001', 'EZ' || md5(:n::text), \
         'com.twilio.messaging.inbound-message.received', 'SM' || md5(:n::text), '{}');\n",
        "x".repeat(PAYLOAD_BYTES)
    )
}

fn transactions_per_second(lines: &[String]) -> Option<f64> {
    lines.iter().find_map(|line| {
        line.trim()
            .strip_prefix("tps = ")?
            .split_whitespace()
            .next()?
            .parse()
            .ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_what_pgbench_prints() {
        let lines = [
            "latency average = 3.1 ms",
            "tps = 5123.25 (without initial connection time)",
        ]
        .map(str::to_owned);
        assert_eq!(transactions_per_second(&lines), Some(5123.25));
    }
}
