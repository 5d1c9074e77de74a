//! `cargo xtask bench backlog`: how fast stored events are processed, and how long a live text
//! takes to an agent meanwhile.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use xtask::base::context::Context;
use xtask::base::step::step;

use crate::bars::{Bar, Limit, check_bars};
use crate::block_on::block_on;
use crate::database::Database;
use crate::load::{Load, ProbeReport, run_live_probe, run_load};
use crate::server_under_test::ServerUnderTest;

/// Events that wait when the server starts.
const BACKLOG: u64 = 100_000;
/// Events processed per second, at least.
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
    let bench = ServerUnderTest::prepare_with_demo(context, "loquent_bench_backlog")?;
    let database = &bench.database;
    let ingest = measure_ingest(context, &bench)?;
    step("100,000 events that wait", || database.run(INSERT))?;

    let mut server = bench.start(&[])?;
    let begin = Instant::now();
    let live = step("live texts during the backlog", || {
        block_on(&context.interrupt, run_live_probe(bench.port))
    })?;
    if waiting(database)? == 0 {
        bail!("the backlog was gone before the live texts were: they measured nothing");
    }
    step("the rest of the backlog", || {
        wait_until_empty(database, begin)
    })?;
    let rate = BACKLOG as f64 / begin.elapsed().as_secs_f64();
    server.stop();

    // Without it the planner takes the tables for empty, and minutes for the counts.
    database.run("ANALYZE")?;
    let found = database.line(FOUND)?;
    if found != EXPECTED {
        bail!("the backlog became {found}, and should be {EXPECTED}");
    }
    report(rate, ingest, live)
}

/// Events per second that one post each brings in, with the server processing them meanwhile.
fn measure_ingest(context: &Context, bench: &ServerUnderTest<'_>) -> Result<f64> {
    let mut server = bench.start(&[])?;
    let load = Load {
        connections: 32,
        batch: 1,
        rate: None,
    };
    let result = step("ingest: one event per post, 32 connections", || {
        block_on(&context.interrupt, run_load(bench.port, load))
    })?;
    step("until these are processed", || {
        wait_until_empty(&bench.database, Instant::now())
    })?;
    server.stop();
    Ok(result.events_per_second)
}

fn waiting(database: &Database<'_>) -> Result<u64> {
    database
        .line("SELECT count(*) FROM twilio_event WHERE state = 'pending'")?
        .parse()
        .context("a count")
}

fn wait_until_empty(database: &Database<'_>, begin: Instant) -> Result<()> {
    while waiting(database)? > 0 {
        if begin.elapsed() > LIMIT {
            bail!("the backlog was not processed in {} s", LIMIT.as_secs());
        }
        sleep(POLL);
    }
    Ok(())
}

fn report(rate: f64, ingest: f64, live: ProbeReport) -> Result<()> {
    println!("\nprocessed: {rate:.0} events/s (messages, contacts, conversations, audit)");
    println!("ingest: {ingest:.0} events/s; ratio {:.2}", rate / ingest);
    println!(
        "live texts during the backlog: {} posted, p50 {:.0} ms, p95 {:.0} ms, longest {:.0} ms",
        live.texts, live.p50_ms, live.p95_ms, live.longest_ms
    );
    check_bars(&[
        Bar {
            what: "events/s processed",
            value: rate,
            limit: Limit::AtLeast(RATE_BAR),
        },
        Bar {
            what: "p95 ms of live texts",
            value: live.p95_ms,
            limit: Limit::AtMost(LIVE_BAR_MS),
        },
        Bar {
            what: "live texts that never came to the socket",
            value: live.lost as f64,
            limit: Limit::AtMost(0.0),
        },
    ])
}
