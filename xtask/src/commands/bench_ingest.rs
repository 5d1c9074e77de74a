//! `cargo xtask bench ingest`: the webhook against the database alone, in the
//! same run on the same cluster, so that the ratio means something on any machine.

use anyhow::{Context as _, Result};

use crate::base::already_reported::AlreadyReported;
use crate::base::context::Context;
use crate::base::service::Service;
use crate::base::step::step;
use crate::base::wait_ready::wait_for_http;
use crate::bench::event_load::{Load, run_event_load};
use crate::bench::peak_memory::peak_memory_kb;
use crate::bench::pgbench::single_row_inserts;
use crate::bench::server_under_test::ServerUnderTest;
use crate::commands::run::START_LIMIT;

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
    let bench = ServerUnderTest::prepare(context, "loquent_bench")?;
    let limit = step("pgbench: single-row inserts, 16 clients", || {
        single_row_inserts(context, &bench.pgbench, &bench.url)
    })?;

    let log = context.target.join("test-logs/bench-server.log");
    let mut server = Service::start("the server", bench.command().arg("serve"), &log)?;
    wait_for_http(
        &mut server,
        bench.port,
        "/readyz",
        START_LIMIT,
        &context.interrupt,
    )?;
    let measure = |what: &str, load: Load| {
        step(what, || {
            run_event_load(context, &bench.generator, bench.port, load)
        })
    };
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
