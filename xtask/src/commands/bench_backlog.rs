//! `cargo xtask bench backlog`: how fast stored events are worked off, and how long a live text
//! takes to an agent meanwhile.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::base::already_reported::AlreadyReported;
use crate::base::context::Context;
use crate::base::service::Service;
use crate::base::step::step;
use crate::base::wait_ready::wait_for_http;
use crate::bench::event_load::{Load, run_event_load};
use crate::bench::live_probe::{ProbeResult, run_live_probe};
use crate::bench::pgbench::run_sql;
use crate::bench::psql::query_line;
use crate::bench::server_under_test::ServerUnderTest;
use crate::commands::run::START_LIMIT;

/// Events that wait when the server starts.
const BACKLOG: u64 = 100_000;
/// Events worked off per second, at least.
const RATE_BAR: f64 = 2_000.0;
/// 95th percentile from the post of a live text to the agent's socket, in milliseconds.
const LIVE_BAR_MS: f64 = 1_000.0;
/// No backlog here takes longer.
const LIMIT: Duration = Duration::from_secs(300);
const POLL: Duration = Duration::from_millis(200);

/// Waiting events of 20,000 fives: three texts of customers, and a message from elsewhere, sent
/// and then delivered.
const INSERT: &str = "
INSERT INTO twilio_event (account_sid, event_id, event_type, message_sid, payload)
SELECT account, 'EZ' || md5('event' || n), type, sid, json_build_object(
    'specversion', '1.0', 'id', 'EZ' || md5('event' || n), 'type', type,
    'source', '/2010-04-01/Accounts/' || account || '/Messages/' || sid || '.json',
    'time', at, 'data', json_build_object(
        'accountSid', account, 'messageSid', sid, 'timestamp', at,
        'from', CASE WHEN kind < 3 THEN customer ELSE '+14155550134' END,
        'to', CASE WHEN kind < 3 THEN '+14155550134' ELSE customer END,
        'body', 'Hello, is somebody free to look at our boiler this week?',
        'numMedia', 0, 'numSegments', 1,
        'messageStatus', CASE kind WHEN 3 THEN 'sent' WHEN 4 THEN 'delivered' END))::text
FROM (
    SELECT n, n % 5 AS kind, 'ACdec0de00000000000000000000000001' AS account,
        to_char(now() - interval '1 hour' + n * interval '1 ms',
            'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS at,
        '+1212' || (2000000 + (n / 5) % 2000) AS customer,
        CASE n % 5 WHEN 3 THEN 'com.twilio.messaging.message.sent'
            WHEN 4 THEN 'com.twilio.messaging.message.delivered'
            ELSE 'com.twilio.messaging.inbound-message.received' END AS type,
        'SM' || md5(CASE WHEN n % 5 < 3 THEN 'in' || n ELSE 'out' || n / 5 END) AS sid
    FROM generate_series(0, 99999) AS n) AS event
";

/// Messages that the backlog must become, by what they are.
const EXPECTED: &str = "60000 received, 20000 delivered, 100000 audit rows, 0 left";
const FOUND: &str = "
SELECT format('%s received, %s delivered, %s audit rows, %s left',
    (SELECT count(*) FROM message WHERE external_id IN
        (SELECT 'SM' || md5('in' || n) FROM generate_series(0, 99999) AS n) AND status = 'received'),
    (SELECT count(*) FROM message WHERE external_id IN
        (SELECT 'SM' || md5('out' || n) FROM generate_series(0, 19999) AS n)
        AND status = 'delivered' AND source = 'external'),
    (SELECT count(*) FROM message_event WHERE dedup_key IN
        (SELECT 'EZ' || md5('event' || n) FROM generate_series(0, 99999) AS n)),
    (SELECT count(*) FROM twilio_event WHERE state <> 'processed'))
";

/// Measures and prints rates, the ratio to ingest and the time of live texts.
///
/// # Errors
/// When something is missing, an event was lost, or a bar is missed.
pub fn bench_backlog(context: &Context) -> Result<()> {
    let bench = ServerUnderTest::prepare(context, "loquent_bench_backlog")?;
    let ingest = measure_ingest(context, &bench)?;
    step("100,000 events that wait", || {
        run_sql(context, &bench.pgbench, &bench.url, INSERT)
    })?;

    let mut server = start(context, &bench)?;
    let begin = Instant::now();
    let live = step("live texts during the backlog", || {
        run_live_probe(context, &bench.generator, bench.port)
    })?;
    let left = waiting(context, &bench)?;
    if left == 0 {
        bail!("the backlog was gone before the live texts were: they measured nothing");
    }
    step("the rest of the backlog", || {
        wait_until_empty(context, &bench, begin)
    })?;
    let rate = BACKLOG as f64 / begin.elapsed().as_secs_f64();
    server.stop();

    // Without it the planner takes the tables for empty, and minutes for the counts.
    run_sql(context, &bench.pgbench, &bench.url, "ANALYZE")?;
    let found = query_line(context, &bench.pgbench, &bench.url, FOUND)?;
    if found != EXPECTED {
        bail!("the backlog became {found}, and should be {EXPECTED}");
    }
    report(rate, ingest, live)
}

/// Events per second that one post each brings in, with the server working them off meanwhile.
fn measure_ingest(context: &Context, bench: &ServerUnderTest) -> Result<f64> {
    let mut server = start(context, bench)?;
    let load = Load {
        connections: 32,
        batch: 1,
        rate: None,
    };
    let result = step("ingest: one event per post, 32 connections", || {
        run_event_load(context, &bench.generator, bench.port, load)
    })?;
    step("until these are worked off", || {
        wait_until_empty(context, bench, Instant::now())
    })?;
    server.stop();
    Ok(result.events_per_second)
}

fn start(context: &Context, bench: &ServerUnderTest) -> Result<Service> {
    let log = context.target.join("test-logs/bench-backlog-server.log");
    let mut server = Service::start("the server", bench.command().arg("serve"), &log)?;
    wait_for_http(
        &mut server,
        bench.port,
        "/readyz",
        START_LIMIT,
        &context.interrupt,
    )?;
    Ok(server)
}

fn waiting(context: &Context, bench: &ServerUnderTest) -> Result<u64> {
    let count = "SELECT count(*) FROM twilio_event WHERE state = 'pending'";
    query_line(context, &bench.pgbench, &bench.url, count)?
        .parse()
        .context("a count")
}

fn wait_until_empty(context: &Context, bench: &ServerUnderTest, begin: Instant) -> Result<()> {
    while waiting(context, bench)? > 0 {
        if begin.elapsed() > LIMIT {
            bail!("the backlog was not worked off in {} s", LIMIT.as_secs());
        }
        sleep(POLL);
    }
    Ok(())
}

fn report(rate: f64, ingest: f64, live: ProbeResult) -> Result<()> {
    println!("\nworked off: {rate:.0} events/s (messages, contacts, conversations, audit)");
    println!("ingest: {ingest:.0} events/s; ratio {:.2}", rate / ingest);
    println!(
        "live texts during the backlog: {} posted, p50 {:.0} ms, p95 {:.0} ms, longest {:.0} ms",
        live.texts, live.p50_ms, live.p95_ms, live.longest_ms
    );
    let mut missed = live.lost > 0;
    if missed {
        println!("✗ {} live texts never came to the socket", live.lost);
    }
    for (what, value, bar, met) in [
        (
            "events/s worked off, at least",
            rate,
            RATE_BAR,
            rate >= RATE_BAR,
        ),
        (
            "p95 ms of live texts, under",
            live.p95_ms,
            LIVE_BAR_MS,
            live.p95_ms < LIVE_BAR_MS,
        ),
    ] {
        println!("{} {what} {bar}: {value:.0}", if met { "✓" } else { "✗" });
        missed |= !met;
    }
    if missed {
        return Err(AlreadyReported.into());
    }
    Ok(())
}
