//! `cargo xtask test`: everything that must hold.

use std::env;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context as _, Result, bail};

use crate::base::already_reported::AlreadyReported;
use crate::base::context::Context;
use crate::base::logged_command::{Echo, run_watched};
use crate::base::path_lookup::path_starting_with;
use crate::base::tool_command::tool_command;
use crate::bundle::client::build_client;
use crate::bundle::file_tree::files_below;
use crate::cli::{TestGroup, TestOptions};
use crate::database::cluster::Durability;
use crate::database::temporary_cluster::TemporaryCluster;
use crate::setup::chromium::{CHROMIUM_VARIABLE, ensure_chromium};
use crate::setup::node::ensure_test_node;
use crate::setup::npm_packages::ensure_packages;
use crate::setup::postgres::{POSTGRES_BIN_VARIABLE, ensure_postgres};
use crate::setup::rust_components::{
    WASM_TARGET, ensure_clippy, ensure_rustfmt, ensure_wasm_target,
};
use crate::testing::cargo_summary::cargo_summary;
use crate::testing::playwright_summary::playwright_summary;
use crate::testing::report::Report;
use crate::testing::tally::Tally;
use crate::testing::tap_summary::tap_summary;

/// The same for every cargo call, so that each finds what the one before compiled.
const WORKSPACE: [&str; 3] = ["--workspace", "--features", "loquent/server"];
const TEST_PACKAGES: &str = "Twilio's library, Playwright and axe, for the tests";
/// A superuser's URL; the tests make a database each.
const DATABASE_VARIABLE: &str = "TEST_DATABASE_URL";
const TEST_THREADS_VARIABLE: &str = "RUST_TEST_THREADS";
/// Every integration test runs a server or more: with too many at once, all wait for the disk and
/// for Postgres's connections.
const MOST_TEST_THREADS: usize = 6;

/// Runs all stages, or those of some groups. One run shows all failures: a
/// stage that fails stops only those that cannot work without it.
///
/// # Errors
/// When anything failed.
pub fn test(context: &Context, options: &TestOptions) -> Result<()> {
    let wanted = |group| options.only.is_empty() || options.only.contains(&group);
    let mut report = Report::default();
    if wanted(TestGroup::Fmt) {
        report.run("format", || {
            ensure_rustfmt(context)?;
            // A dumb terminal gets no colours, which rustfmt else puts into pipes too.
            let mut command = cargo(context);
            command
                .args(["fmt", "--all", "--check"])
                .env("TERM", "dumb");
            check(context, &mut command)
        })?;
    }
    if wanted(TestGroup::Lint) {
        report.run("clippy: server, tests, tools", || {
            ensure_clippy(context)?;
            let mut command = cargo(context);
            command
                .arg("clippy")
                .args(WORKSPACE)
                .args(["--all-targets", "--", "-D", "warnings"]);
            check(context, &mut command)
        })?;
        report.run("clippy: browser", || {
            ensure_wasm_target(context)?;
            let mut command = cargo(context);
            command
                .args(["clippy", "--package", "loquent", "--lib", "--bins"])
                .args([
                    "--target",
                    WASM_TARGET,
                    "--no-default-features",
                    "--features",
                    "web",
                ])
                .args(["--", "-D", "warnings"]);
            check(context, &mut command)
        })?;
    }
    if [TestGroup::Unit, TestGroup::It, TestGroup::E2e]
        .into_iter()
        .any(wanted)
    {
        run_tests(context, options, wanted, &mut report)?;
    }

    println!("\n{}", report.table());
    if report.total().failed > 0 {
        return Err(AlreadyReported.into());
    }
    Ok(())
}

fn run_tests(
    context: &Context,
    options: &TestOptions,
    wanted: impl Fn(TestGroup) -> bool,
    report: &mut Report,
) -> Result<()> {
    let built = report.run("build: programs and tests", || {
        let mut command = cargo(context);
        check(
            context,
            command.arg("build").args(WORKSPACE).arg("--all-targets"),
        )
    })?;
    if wanted(TestGroup::Unit) {
        run_or_note(report, built, "unit tests", || {
            let mut command = cargo_test(context);
            count(context, command.args(["--lib", "--bins"]))
        })?;
        run_or_note(report, built, "documentation tests", || {
            let mut command = cargo_test(context);
            count(context, command.arg("--doc"))
        })?;
    }
    if !(wanted(TestGroup::It) || wanted(TestGroup::E2e)) {
        return Ok(());
    }

    let mut client = None;
    report.run("build: browser half", || {
        client = Some(build_client(context)?);
        Ok(Tally::default())
    })?;
    let mut harness = None;
    let ready = match (built, &client) {
        (true, Some(public)) => report.run("database for the tests", || {
            harness = Some(Harness::start(context, public)?);
            Ok(Tally::default())
        })?,
        _ => false,
    };
    let filter = &options.filter;
    if wanted(TestGroup::It) {
        run_or_note(report, ready, "integration tests", || {
            let harness = harness.as_ref().context("no database")?;
            let mut command = harness.in_environment(cargo_test(context));
            if env::var_os(TEST_THREADS_VARIABLE).is_none() {
                command.env(TEST_THREADS_VARIABLE, test_threads().to_string());
            }
            count(context, command.args(["--test", "*", "--"]).args(filter))
        })?;
    }
    if wanted(TestGroup::E2e) {
        let directory = context.root.join("tests/e2e");
        run_or_note(report, ready, "Twilio's Node library", || {
            let harness = harness.as_ref().context("no database")?;
            node_tests(context, harness, &directory)
        })?;
        run_or_note(report, ready, "browser tests", || {
            let harness = harness.as_ref().context("no database")?;
            browser_tests(context, harness, &directory, filter)
        })?;
    }
    Ok(())
}

/// How many integration tests run side by side.
fn test_threads() -> usize {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    cores.min(MOST_TEST_THREADS)
}

fn run_or_note(
    report: &mut Report,
    possible: bool,
    name: &'static str,
    work: impl FnOnce() -> Result<Tally>,
) -> Result<()> {
    if possible {
        report.run(name, work)?;
    } else {
        report.not_run(name, "what it needs did not build or start");
    }
    Ok(())
}

/// What the tests find in their environment.
struct Harness {
    database: Option<TemporaryCluster>,
    postgres: PathBuf,
    server: PathBuf,
    simulator: PathBuf,
    public: PathBuf,
}

impl Harness {
    fn start(context: &Context, public: &Path) -> Result<Self> {
        let postgres = ensure_postgres(context)?;
        let server = context.target.join("debug/loquent");
        let database = if env::var_os(DATABASE_VARIABLE).is_some() {
            println!("  using {DATABASE_VARIABLE} of the environment");
            None
        } else {
            Some(TemporaryCluster::start(
                context,
                &server,
                &postgres,
                Durability::Ephemeral,
            )?)
        };
        let simulator = context.target.join("debug/twilio-sim");
        Ok(Self {
            database,
            postgres,
            server,
            simulator,
            public: public.to_path_buf(),
        })
    }

    fn in_environment(&self, mut command: Command) -> Command {
        command
            .env(POSTGRES_BIN_VARIABLE, &self.postgres)
            .env("LOQUENT_BIN", &self.server)
            .env("TWILIO_SIM_BIN", &self.simulator)
            .env("LOQUENT_PUBLIC_DIR", &self.public)
            .env("DIOXUS_PUBLIC_PATH", &self.public)
            // All servers are here; a developer's proxy must not be asked for them.
            .env("NO_PROXY", "127.0.0.1,localhost");
        if let Some(database) = &self.database {
            command.env(DATABASE_VARIABLE, database.url());
        }
        command
    }
}

/// Twilio's own library against the simulator.
fn node_tests(context: &Context, harness: &Harness, directory: &Path) -> Result<Tally> {
    let node = ensure_test_node(context)?;
    ensure_packages(context, directory, TEST_PACKAGES)?;
    let mut files = files_below(&directory.join("twilio-node"))?;
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    let tap = context.target.join("test-logs/twilio-node.tap");
    remove_old(&tap)?;
    let mut command = harness.in_environment(tool_command("node"));
    command
        .args([
            "--test",
            "--test-reporter=spec",
            "--test-reporter-destination=stdout",
        ])
        .arg("--test-reporter=tap")
        .arg(format!("--test-reporter-destination={}", tap.display()))
        .args(files)
        .env("PATH", path_starting_with(node.as_deref())?)
        .current_dir(directory);
    let finished = run_watched(&mut command, &context.interrupt, Echo::Always)?;
    let text = fs::read_to_string(&tap).context("node --test left no report")?;
    at_least_one(tap_summary(&text).with_exit(finished.status.success()))
}

fn browser_tests(
    context: &Context,
    harness: &Harness,
    directory: &Path,
    filter: &[String],
) -> Result<Tally> {
    let chromium = ensure_chromium(context)?;
    let node = ensure_test_node(context)?;
    ensure_packages(context, directory, TEST_PACKAGES)?;
    let json = context.target.join("test-logs/playwright.json");
    remove_old(&json)?;
    let playwright = directory.join("node_modules/.bin/playwright");
    let mut command = harness.in_environment(tool_command(playwright));
    command
        .args(["test", "--reporter=list,json"])
        .args(filter)
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &json)
        .env(CHROMIUM_VARIABLE, chromium)
        .env("PATH", path_starting_with(node.as_deref())?)
        .current_dir(directory);
    let finished = run_watched(&mut command, &context.interrupt, Echo::Always)?;
    let text = fs::read_to_string(&json).context("Playwright left no report")?;
    at_least_one(playwright_summary(&text)?.with_exit(finished.status.success()))
}

/// A runner that found no test proves nothing.
fn at_least_one(tally: Tally) -> Result<Tally> {
    if tally == Tally::default() {
        bail!("it found no test");
    }
    Ok(tally)
}

/// An old report must not be taken for a new one.
fn remove_old(report: &Path) -> Result<()> {
    if let Some(directory) = report.parent() {
        fs::create_dir_all(directory)?;
    }
    if report.exists() {
        fs::remove_file(report).with_context(|| report.display().to_string())?;
    }
    Ok(())
}

fn cargo(context: &Context) -> Command {
    let mut command = tool_command("cargo");
    command.current_dir(&context.root);
    command
}

fn cargo_test(context: &Context) -> Command {
    let mut command = cargo(context);
    command.arg("test").args(WORKSPACE).arg("--no-fail-fast");
    command
}

/// A command that passes or fails as a whole.
fn check(context: &Context, command: &mut Command) -> Result<Tally> {
    let finished = run_watched(command, &context.interrupt, Echo::OnFailure)?;
    Ok(Tally::default().with_exit(finished.status.success()))
}

/// A cargo command that runs tests.
fn count(context: &Context, command: &mut Command) -> Result<Tally> {
    let finished = run_watched(command, &context.interrupt, Echo::Always)?;
    Ok(cargo_summary(&finished.lines).with_exit(finished.status.success()))
}
