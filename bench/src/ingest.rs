//! `cargo xtask bench ingest`: the webhook against the database alone, in the
//! same run on the same cluster, so that the ratio means something on any machine.

use anyhow::{Context as _, Result};
use xtask::base::context::Context;
use xtask::base::step::step;

use crate::bars::{Bar, Limit, check_bars};
use crate::block_on::block_on;
use crate::load::{Load, LoadReport, run_load};
use crate::peak_memory::peak_memory_kb;
use crate::pgbench::single_row_inserts;
use crate::server_under_test::ServerUnderTest;

/// One event per post at 32 connections: at least this part of pgbench.
const SINGLE_BAR: f64 = 0.3;
/// Batches of 100: at least as fast as pgbench.
const BATCH_BAR: f64 = 1.0;
/// 99th percentile of the answer at 1,000 events per second, in milliseconds.
const LATENCY_BAR_MS: f64 = 100.0;

/// What came out.
struct Measured {
    /// Rows per second of the database alone.
    pgbench: f64,
    steady: LoadReport,
    single: LoadReport,
    batch: LoadReport,
    memory_kb: u64,
}

/// Measures and prints rates, ratios, latency and memory.
///
/// # Errors
/// When something is missing, or a bar is missed.
pub fn bench_ingest(context: &Context) -> Result<()> {
    let measured = measure(context)?;
    print_table(&measured);
    let ratio = |report: LoadReport| report.events_per_second / measured.pgbench;
    check_bars(&[
        Bar {
            what: "one event per post / pgbench",
            value: ratio(measured.single),
            limit: Limit::AtLeast(SINGLE_BAR),
        },
        Bar {
            what: "batches of 100 / pgbench",
            value: ratio(measured.batch),
            limit: Limit::AtLeast(BATCH_BAR),
        },
        Bar {
            what: "p99 ms at 1,000 events/s",
            value: measured.steady.p99_ms,
            limit: Limit::AtMost(LATENCY_BAR_MS),
        },
    ])
}

fn measure(context: &Context) -> Result<Measured> {
    let bench = ServerUnderTest::prepare_with_demo(context, "loquent_bench")?;
    let pgbench = step("pgbench: single-row inserts, 16 clients", || {
        single_row_inserts(context, &bench.database)
    })?;
    let mut server = bench.start(&[])?;
    let load = |what: &str, connections, batch, rate| {
        let load = Load {
            connections,
            batch,
            rate,
        };
        step(what, || {
            block_on(&context.interrupt, run_load(bench.port, load))
        })
    };
    // First, before the others leave a backlog for the worker.
    let steady = load("1,000 events per second, one per post", 32, 1, Some(1_000))?;
    let single = load("one event per post, 32 connections", 32, 1, None)?;
    let batch = load("batches of 100 events", 8, 100, None)?;
    let memory_kb = peak_memory_kb(server.id()).context("no peak memory in /proc")?;
    server.stop();
    Ok(Measured {
        pgbench,
        steady,
        single,
        batch,
        memory_kb,
    })
}

fn print_table(measured: &Measured) {
    println!(
        "\n{:<42} {:>10} {:>7} {:>9} {:>9}",
        "", "rows/s", "ratio", "p50 ms", "p99 ms"
    );
    println!(
        "{:<42} {:>10.0} {:>7.2}",
        "pgbench, single-row inserts, 16 clients", measured.pgbench, 1.0
    );
    for (what, report) in [
        (
            "webhook, one event per post, 32 connections",
            measured.single,
        ),
        ("webhook, batches of 100", measured.batch),
        ("webhook, 1,000 events/s offered", measured.steady),
    ] {
        println!(
            "{what:<42} {:>10.0} {:>7.2} {:>9.1} {:>9.1}",
            report.events_per_second,
            report.events_per_second / measured.pgbench,
            report.p50_ms,
            report.p99_ms
        );
    }
    println!(
        "peak memory of the server: {} MB",
        measured.memory_kb / 1000
    );
}
