//! `cargo xtask test`: everything that must hold.

use std::env;
use std::num::NonZero;
use std::process::Command;
use std::thread;

use anyhow::{Context as _, Result};

use crate::base::already_reported::AlreadyReported;
use crate::base::context::Context;
use crate::base::logged_command::{Echo, run_watched};
use crate::base::tool_command::tool_command;
use crate::bundle::client::build_client;
use crate::cli::{TestGroup, TestOptions};
use crate::setup::rust_components::{
    WASM_TARGET, ensure_clippy, ensure_rustfmt, ensure_wasm_target,
};
use crate::testing::cargo_summary::cargo_summary;
use crate::testing::harness::Harness;
use crate::testing::report::Report;
use crate::testing::runners::{browser_tests, node_tests, python_tests};
use crate::testing::supply_chain::check_supply_chain;
use crate::testing::tally::Tally;

/// The same for every cargo call, so that each finds what the one before compiled.
const WORKSPACE: [&str; 3] = ["--workspace", "--features", "loquent/server"];
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
    if wanted(TestGroup::Supply) {
        check_supply_chain(context, &mut report)?;
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
        run_or_note(
            report,
            ready,
            "Twilio's Python library, CloudEvents",
            || {
                let harness = harness.as_ref().context("no database")?;
                python_tests(context, harness, &directory)
            },
        )?;
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
