//! `cargo xtask bench ingest`: the webhook against the database alone, in the
//! same run on the same cluster, so that the ratio means something on any machine.

use anyhow::{Context as _, Result, bail};

use crate::base::already_reported::AlreadyReported;
use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::port::free_port;
use crate::base::service::Service;
use crate::base::step::step;
use crate::base::tool_command::tool_command;
use crate::base::wait_ready::wait_for_http;
use crate::bench::event_load::{Load, run_event_load};
use crate::bench::peak_memory::peak_memory_kb;
use crate::bench::pgbench::{run_sql, single_row_inserts};
use crate::bundle::client::build_client;
use crate::bundle::programs::build_release_programs;
use crate::commands::run::START_LIMIT;
use crate::database::cluster::Durability;
use crate::database::temporary_cluster::TemporaryCluster;
use crate::demo::simulator_account::{SIMULATOR_ACCOUNT_SID, SIMULATOR_AUTH_TOKEN};
use crate::setup::postgres::{ensure_postgres, find_pgbench};

const DATABASE: &str = "loquent_bench";

/// One event per post at 32 connections: at least this part of pgbench.
const SINGLE_BAR: f64 = 0.3;
/// Batches of 100: at least as fast as pgbench.
const BATCH_BAR: f64 = 1.0;
/// 99th percentile of the answer at 1,000 events per second, in milliseconds.
const LATENCY_BAR_MS: f64 = 100.0;

/// Measures and prints rates, ratios, latency and memory.
///
/// # Errors
/// When something is missing, or a bar is missed.
pub fn bench_ingest(context: &Context) -> Result<()> {
    let postgres = ensure_postgres(context)?;
    let pgbench = find_pgbench(&postgres)?;
    let public = build_client(context)?;
    let programs = build_release_programs(context)?;
    let generator = context.target.join("release/event-load");
    if !generator.is_file() {
        bail!("the load generator event-load of twilio-sim was not built");
    }
    let cluster =
        TemporaryCluster::start(context, &programs.server, &postgres, Durability::Durable)?;
    run_sql(
        context,
        &pgbench,
        cluster.url(),
        &format!("CREATE DATABASE {DATABASE}"),
    )?;
    let url = with_database(cluster.url(), DATABASE).context("a database URL without a path")?;

    let port = free_port()?;
    // Only the generated key goes there.
    let data = context.target.join("test-logs/bench-data");
    let server_command = || {
        let mut command = tool_command(&programs.server);
        command
            .current_dir(&context.root)
            .env("DATABASE_URL", &url)
            .env("LOQUENT_DATA_DIR", &data)
            .env("IP", "127.0.0.1")
            .env("PORT", port.to_string())
            .env("APP_HOST", format!("http://127.0.0.1:{port}"))
            .env("TWILIO_ACCOUNT_SID", SIMULATOR_ACCOUNT_SID)
            .env("TWILIO_AUTH_TOKEN", SIMULATOR_AUTH_TOKEN)
            .env("DIOXUS_PUBLIC_PATH", &public);
        command
    };
    step("tables and an organization", || {
        run_logged(server_command().arg("migrate"), &context.interrupt)?;
        run_logged(server_command().args(["demo", "seed"]), &context.interrupt)
    })?;
    let limit = step("pgbench: single-row inserts, 16 clients", || {
        single_row_inserts(context, &pgbench, &url)
    })?;

    let log = context.target.join("test-logs/bench-server.log");
    let mut server = Service::start("the server", server_command().arg("serve"), &log)?;
    wait_for_http(
        &mut server,
        port,
        "/readyz",
        START_LIMIT,
        &context.interrupt,
    )?;
    let measure =
        |what: &str, load: Load| step(what, || run_event_load(context, &generator, port, load));
    // First, before the others leave a backlog for the worker.
    let steady = Load {
        connections: 32,
        batch: 1,
        rate: Some(1_000),
    };
    let steady = measure("1,000 events per second, one per post", steady)?;
    let single = Load {
        connections: 32,
        batch: 1,
        rate: None,
    };
    let single = measure("one event per post, 32 connections", single)?;
    let batch = Load {
        connections: 8,
        batch: 100,
        rate: None,
    };
    let batch = measure("batches of 100 events", batch)?;
    let memory = peak_memory_kb(server.id()).context("no peak memory in /proc")?;
    server.stop();

    let ratio = |rate: f64| rate / limit;
    println!(
        "\n{:<42} {:>10} {:>7} {:>9} {:>9}",
        "", "rows/s", "ratio", "p50 ms", "p99 ms"
    );
    println!(
        "{:<42} {limit:>10.0} {:>7.2}",
        "pgbench, single-row inserts, 16 clients", 1.0
    );
    for (what, result) in [
        ("webhook, one event per post, 32 connections", single),
        ("webhook, batches of 100", batch),
        ("webhook, 1,000 events/s offered", steady),
    ] {
        println!(
            "{what:<42} {:>10.0} {:>7.2} {:>9.1} {:>9.1}",
            result.events_per_second,
            ratio(result.events_per_second),
            result.p50_ms,
            result.p99_ms
        );
    }
    println!("peak memory of the server: {} MB", memory / 1000);

    let bars = [
        (
            "one event per post / pgbench",
            ratio(single.events_per_second),
            SINGLE_BAR,
            true,
        ),
        (
            "batches of 100 / pgbench",
            ratio(batch.events_per_second),
            BATCH_BAR,
            true,
        ),
        (
            "p99 ms at 1,000 events/s",
            steady.p99_ms,
            LATENCY_BAR_MS,
            false,
        ),
    ];
    let mut missed = false;
    for (what, value, bar, at_least) in bars {
        let met = if at_least { value >= bar } else { value < bar };
        missed |= !met;
        let relation = if at_least { "at least" } else { "under" };
        println!(
            "{} {what}: {value:.2} (bar: {relation} {bar})",
            if met { "✓" } else { "✗" }
        );
    }
    if missed {
        Err(AlreadyReported.into())
    } else {
        Ok(())
    }
}

/// The same server and user, another database.
#[must_use]
pub fn with_database(url: &str, database: &str) -> Option<String> {
    let (base, query) = url
        .split_once('?')
        .map_or((url, None), |(base, q)| (base, Some(q)));
    let (server, _) = base.rsplit_once('/')?;
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{server}/{database}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_keeps_server_and_options() {
        assert_eq!(
            with_database("postgres://u:p@127.0.0.1:1/postgres?sslmode=disable", "b").as_deref(),
            Some("postgres://u:p@127.0.0.1:1/b?sslmode=disable")
        );
    }
}
