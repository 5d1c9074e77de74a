//! `cargo xtask bench sync`: the import of a history from the simulator, against COPY of the same
//! rows into a table that is the same in all: columns, checks, indexes and foreign keys, in the
//! same run on the same cluster. COPY without the foreign keys is printed beside it. The import
//! does more for each message than COPY: it reads it from Twilio, and writes a row of audit, the
//! contact and the conversation.

use std::fmt;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::json;

use crate::base::already_reported::AlreadyReported;
use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::port::free_port;
use crate::base::service::Service;
use crate::base::step::step;
use crate::base::tool_command::tool_command;
use crate::base::wait_ready::wait_for_http;
use crate::bench::http_json::send_json;
use crate::bench::peak_memory::peak_memory_kb;
use crate::bench::pgbench::run_sql;
use crate::bench::processor_time::ProcessorTime;
use crate::bench::psql::query_line;
use crate::bench::server_under_test::with_database;
use crate::bundle::programs::build_release_programs;
use crate::cli::SyncBenchOptions;
use crate::commands::run::START_LIMIT;
use crate::database::cluster::Durability;
use crate::database::temporary_cluster::TemporaryCluster;
use crate::demo::simulator_account::{SIMULATOR_ACCOUNT_SID, SIMULATOR_AUTH_TOKEN};
use crate::setup::postgres::{ensure_postgres, find_pgbench};

const DATABASE: &str = "loquent_bench_sync";
const ORGANIZATION: &str = "00000000-0000-7000-8000-000000000001";
const CONTACTS: u64 = 20_000;
/// As many pages at once as the server takes by default.
const WINDOWS: u32 = 16;
/// An import may take this many times as long as COPY.
const COPY_BAR: f64 = 4.0;
const MEMORY_BAR_MB: f64 = 200.0;
/// A second run that finds nothing new, as a part of the first.
const SECOND_BAR: f64 = 0.5;
/// The time of pages that are read one after the other, over that of parallel windows, with 300 ms
/// for each page.
const GAIN_BAR: f64 = 3.0;
/// No import here takes longer.
const LIMIT: Duration = Duration::from_secs(3_600);

/// LIKE does not take them over.
const FOREIGN_KEYS: &str = "
DO $$
DECLARE definition text;
BEGIN
    FOR definition IN SELECT pg_get_constraintdef(oid) FROM pg_constraint
        WHERE conrelid = 'message'::regclass AND contype = 'f'
    LOOP
        EXECUTE 'ALTER TABLE bench_message ADD ' || definition;
    END LOOP;
END $$";

/// What an import must count.
#[derive(Clone, Copy)]
struct Expected {
    new: u64,
    skipped: u64,
}

/// How long an import took.
#[derive(Clone, Copy)]
struct Took {
    seconds: f64,
    /// How much of all processors was in use meanwhile, by whatever program.
    busy: f64,
}

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.busy * 100.0;
        write!(f, "{:.1} s (processors {percent:.0} % busy)", self.seconds)
    }
}

/// What an import is measured with.
struct Bench<'a> {
    context: &'a Context,
    pgbench: &'a Path,
    server: &'a Path,
    url: String,
    simulator_port: u16,
}

/// Measures and prints seconds, rates, ratios and memory.
///
/// # Errors
/// When something is missing, or a bar is missed.
pub fn bench_sync(context: &Context, options: SyncBenchOptions) -> Result<()> {
    let postgres = ensure_postgres(context)?;
    let pgbench = find_pgbench(&postgres)?;
    let programs = build_release_programs(context)?;
    let cluster =
        TemporaryCluster::start(context, &programs.server, &postgres, Durability::Durable)?;
    let create = format!("CREATE DATABASE {DATABASE}");
    run_sql(context, &pgbench, cluster.url(), &create)?;
    let simulator_port = free_port()?;
    let mut simulator = Service::start(
        "the simulator",
        tool_command(&programs.simulator)
            .args(["--port", &simulator_port.to_string()])
            .args(["--account-sid", SIMULATOR_ACCOUNT_SID])
            .args(["--auth-token", SIMULATOR_AUTH_TOKEN]),
        &context.target.join("test-logs/bench-sync-simulator.log"),
    )?;
    wait_for_http(
        &mut simulator,
        simulator_port,
        "/sim/timing",
        START_LIMIT,
        &context.interrupt,
    )?;
    let bench = Bench {
        context,
        pgbench: &pgbench,
        server: &programs.server,
        url: with_database(cluster.url(), DATABASE).context("a database URL without a path")?,
        simulator_port,
    };
    bench.prepare()?;
    let met = bench.measure(options)?;
    simulator.stop();
    if met {
        Ok(())
    } else {
        Err(AlreadyReported.into())
    }
}

impl Bench<'_> {
    fn prepare(&self) -> Result<()> {
        run_logged(
            self.server_command(0, WINDOWS).arg("migrate"),
            &self.context.interrupt,
        )?;
        let organization = format!(
            "INSERT INTO organization (id, name, shared_twilio) VALUES ('{ORGANIZATION}', 'Bench', 'whole')"
        );
        run_sql(self.context, self.pgbench, &self.url, &organization)
    }

    fn measure(&self, options: SyncBenchOptions) -> Result<bool> {
        let mut server = self.start_server(WINDOWS)?;
        self.add_history(1, options.messages)?;
        let all = Expected {
            new: options.messages,
            skipped: 0,
        };
        let first = step("the first import", || self.import(1, all))?;
        let none = Expected {
            new: 0,
            skipped: options.messages,
        };
        let second = step("a second one, which finds all known", || {
            self.import(1, none)
        })?;
        let memory = peak_memory_kb(server.id()).context("no peak memory in /proc")?;
        let copy = step("COPY of the same rows", || self.copy(true))?;
        let copy_without_keys = step("COPY without foreign keys", || self.copy(false))?;

        let latency = json!({ "rules": [
            { "on": "list_messages", "fault": { "kind": "latency", "ms": 300 } }
        ] });
        send_json(self.simulator_port, "PUT", "/sim/faults", &latency)?;
        self.add_history(2, options.window_messages)?;
        let all = Expected {
            new: options.window_messages,
            skipped: 0,
        };
        let parallel = step("300 ms for each page, parallel windows", || {
            self.import(2, all)
        })?;
        server.stop();
        let mut server = self.start_server(1)?;
        self.add_history(3, options.window_messages)?;
        let single = step("300 ms for each page, one after the other", || {
            self.import(3, all)
        })?;
        server.stop();

        let rate = options.messages as f64 / first.seconds;
        println!(
            "\nfirst import: {first}, {rate:.0} messages/s\nsecond run: {second}\n\
             COPY of the same rows into the same table: {copy:.1} s\n\
             COPY without foreign keys: {copy_without_keys:.1} s (import: {:.2} times)\n\
             windows: parallel {parallel}; one page after the other {single}",
            first.seconds / copy_without_keys
        );
        let bars = [
            ("first import / COPY", first.seconds / copy, COPY_BAR, false),
            (
                "peak memory of the server, MB",
                memory as f64 / 1000.0,
                MEMORY_BAR_MB,
                false,
            ),
            (
                "second run / first",
                second.seconds / first.seconds,
                SECOND_BAR,
                false,
            ),
            (
                "gain of parallel windows",
                single.seconds / parallel.seconds,
                GAIN_BAR,
                true,
            ),
        ];
        let mut all_met = true;
        for (what, value, bar, at_least) in bars {
            let met = if at_least { value >= bar } else { value <= bar };
            all_met &= met;
            let relation = if at_least { "at least" } else { "at most" };
            let mark = if met { "✓" } else { "✗" };
            println!("{mark} {what}: {value:.2} (bar: {relation} {bar})");
        }
        Ok(all_met)
    }

    fn server_command(&self, port: u16, windows: u32) -> Command {
        let simulator = format!("http://127.0.0.1:{}", self.simulator_port);
        let mut command = tool_command(self.server);
        command
            .current_dir(&self.context.root)
            .env("DATABASE_URL", &self.url)
            .env(
                "LOQUENT_DATA_DIR",
                self.context.target.join("test-logs/bench-data"),
            )
            .env("IP", "127.0.0.1")
            .env("PORT", port.to_string())
            .env("APP_HOST", format!("http://127.0.0.1:{port}"))
            .env("TWILIO_ACCOUNT_SID", SIMULATOR_ACCOUNT_SID)
            .env("TWILIO_AUTH_TOKEN", SIMULATOR_AUTH_TOKEN)
            .env("TWILIO_API_BASE_URL", &simulator)
            .env("TWILIO_EVENTS_BASE_URL", &simulator)
            .env("IMPORT_PAGES_AT_ONCE", windows.to_string());
        command
    }

    fn start_server(&self, windows: u32) -> Result<Service> {
        let port = free_port()?;
        let log = self.context.target.join("test-logs/bench-sync-server.log");
        let mut command = self.server_command(port, windows);
        let mut server = Service::start("the server", command.arg("serve"), &log)?;
        wait_for_http(
            &mut server,
            port,
            "/readyz",
            START_LIMIT,
            &self.context.interrupt,
        )?;
        Ok(server)
    }

    /// A number with a history without files, which are measured by nothing here.
    fn add_history(&self, number: u64, messages: u64) -> Result<()> {
        let phone = phone(number);
        let history = json!({
            "account_sid": SIMULATOR_ACCOUNT_SID,
            "numbers": [phone],
            "messages": messages,
            "contacts": CONTACTS,
            "seed": number,
            "media_share": 0.0,
        });
        send_json(self.simulator_port, "POST", "/sim/history", &history)?;
        let row = format!(
            "INSERT INTO phone_number
                 (id, organization_id, twilio_account_sid, twilio_sid, number, friendly_name)
             VALUES ('{}', '{ORGANIZATION}', '{SIMULATOR_ACCOUNT_SID}', 'PN{number:032}', '{phone}', '{phone}')",
            number_id(number)
        );
        run_sql(self.context, self.pgbench, &self.url, &row)
    }

    /// Runs an import to its end.
    fn import(&self, number: u64, expected: Expected) -> Result<Took> {
        let insert = format!(
            "INSERT INTO sms_sync_run
                 (id, organization_id, phone_number_id, state, phase, started_at)
             VALUES (gen_random_uuid(), '{ORGANIZATION}', '{}', 'running', 'fetching', clock_timestamp())
             RETURNING id",
            number_id(number)
        );
        let before = ProcessorTime::now()?;
        let run = query_line(self.context, self.pgbench, &self.url, &insert)?;
        let look = format!(
            "SELECT concat_ws(' ', state, new_count, skipped,
                 coalesce(extract(epoch FROM messages_in_at - started_at), 0), error)
             FROM sms_sync_run WHERE id = '{run}'"
        );
        let begun = Instant::now();
        while begun.elapsed() < LIMIT {
            self.context.interrupt.check()?;
            let line = query_line(self.context, self.pgbench, &self.url, &look)?;
            let words: Vec<&str> = line.splitn(5, ' ').collect();
            match words.as_slice() {
                ["running", ..] => sleep(Duration::from_millis(500)),
                ["done", new, skipped, seconds] => {
                    if *new != expected.new.to_string() || *skipped != expected.skipped.to_string()
                    {
                        bail!(
                            "the import gave {new} new messages and {skipped} known ones, instead of {} and {}",
                            expected.new,
                            expected.skipped
                        );
                    }
                    return Ok(Took {
                        seconds: seconds.parse().context("no seconds")?,
                        busy: before.busy_until(ProcessorTime::now()?),
                    });
                }
                [state, new, skipped, _, error] => {
                    bail!(
                        "the import {state} after {new} new and {skipped} known messages: {error}"
                    )
                }
                _ => bail!("the import ended otherwise than expected: {line}"),
            }
        }
        bail!("the import did not end within {LIMIT:?}")
    }

    /// Seconds of COPY into a table like that of the messages, with its foreign keys or without.
    fn copy(&self, with_foreign_keys: bool) -> Result<f64> {
        let run = |sql: &str| run_sql(self.context, self.pgbench, &self.url, sql);
        let file = "loquent_bench_message.copy";
        run(&format!("COPY message TO PROGRAM 'cat > {file}'"))?;
        run("CREATE TABLE bench_message (LIKE message INCLUDING ALL)")?;
        if with_foreign_keys {
            run(FOREIGN_KEYS)?;
        }
        let begun = Instant::now();
        run(&format!("COPY bench_message FROM PROGRAM 'cat {file}'"))?;
        let seconds = begun.elapsed().as_secs_f64();
        run("DROP TABLE bench_message")?;
        Ok(seconds)
    }
}

fn phone(number: u64) -> String {
    format!("+1415555{:04}", 100 + number)
}

fn number_id(number: u64) -> String {
    format!("00000000-0000-7000-8000-{:012}", 1_000 + number)
}
