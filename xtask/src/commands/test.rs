//! `cargo xtask test`: everything that must hold.

use std::env;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context as _, Result, bail};

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
use crate::testing::filter::Filter;
use crate::testing::harness::Harness;
use crate::testing::package::package_test;
use crate::testing::report::Report;
use crate::testing::runners::{browser_tests, node_tests, python_tests};
use crate::testing::supply_chain::check_supply_chain;
use crate::testing::tally::Tally;

/// The same for every cargo call, so that each finds what the one before compiled.
const WORKSPACE: [&str; 3] = ["--workspace", "--features", "loquent/s3"];
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
    let mut run = Run {
        context,
        only: &options.only,
        filter: Filter::new(&options.filter),
        report: Report::default(),
    };
    run.checks()?;
    run.tests()?;
    if run.filter.found_nothing() && run.report.total().failed == 0 {
        run.report.run("filter", || {
            let words = run.filter.words.join(" ");
            bail!("no test matches `{words}`: nothing was tested")
        })?;
    }
    println!("\n{}", run.report.table());
    if run.report.total().failed > 0 {
        return Err(AlreadyReported.into());
    }
    Ok(())
}

/// A run under way.
struct Run<'a> {
    context: &'a Context,
    only: &'a [TestGroup],
    filter: Filter<'a>,
    report: Report,
}

impl Run<'_> {
    fn wants(&self, group: TestGroup) -> bool {
        self.only.is_empty() || self.only.contains(&group)
    }

    /// What needs no test to run.
    fn checks(&mut self) -> Result<()> {
        let context = self.context;
        if self.wants(TestGroup::Fmt) {
            self.report.run("format", || {
                ensure_rustfmt(context)?;
                // A dumb terminal gets no colours, which rustfmt else puts into pipes too.
                let mut command = cargo(context);
                command
                    .args(["fmt", "--all", "--check"])
                    .env("TERM", "dumb");
                check(context, &mut command)
            })?;
        }
        if self.wants(TestGroup::Supply) {
            check_supply_chain(context, &mut self.report)?;
            self.report.run("the simulator as a package", || {
                let mut command = cargo(context);
                command.args(["package", "--package", "twilio-sim"]);
                // The build and the crate's own tests tell whether it compiles.
                command.args(["--no-verify", "--allow-dirty"]);
                check(context, &mut command)
            })?;
        }
        if self.wants(TestGroup::Lint) {
            self.lint()?;
        }
        Ok(())
    }

    fn lint(&mut self) -> Result<()> {
        let context = self.context;
        self.report.run("clippy: server, tests, tools", || {
            ensure_clippy(context)?;
            let mut command = cargo(context);
            command
                .arg("clippy")
                .args(WORKSPACE)
                .args(["--all-targets", "--", "-D", "warnings"]);
            check(context, &mut command)
        })?;
        self.report.run("clippy: browser", || {
            ensure_wasm_target(context)?;
            let mut command = cargo(context);
            command
                .args(["clippy", "--package", "loquent", "--lib", "--bins"])
                .args(["--target", WASM_TARGET])
                .args(["--no-default-features", "--features", "web"])
                .args(["--", "-D", "warnings"]);
            check(context, &mut command)
        })?;
        Ok(())
    }

    fn tests(&mut self) -> Result<()> {
        let groups = [
            TestGroup::Unit,
            TestGroup::It,
            TestGroup::E2e,
            TestGroup::Package,
        ];
        if !groups.into_iter().any(|group| self.wants(group)) {
            return Ok(());
        }
        let context = self.context;
        let built = self.report.run("build: programs and tests", || {
            let mut command = cargo(context);
            command.arg("build").args(WORKSPACE).arg("--all-targets");
            check(context, &mut command)
        })?;
        if self.wants(TestGroup::Unit) {
            self.cargo_test(built, "unit tests", || {
                Ok(cargo_test(context, &["--lib", "--bins"]))
            })?;
            self.cargo_test(built, "documentation tests", || {
                Ok(cargo_test(context, &["--doc"]))
            })?;
        }
        let programs = [TestGroup::It, TestGroup::E2e, TestGroup::Package];
        if !programs.into_iter().any(|group| self.wants(group)) {
            return Ok(());
        }
        let client = self.client()?;
        if self.wants(TestGroup::Package) {
            run_or_note(
                &mut self.report,
                built && client.is_some(),
                "package, installed on Debian",
                || {
                    let public = client.as_ref().context("no browser half")?;
                    package_test(context, &context.target.join("debug/loquent"), public)
                },
            )?;
        }
        if !(self.wants(TestGroup::It) || self.wants(TestGroup::E2e)) {
            return Ok(());
        }
        let harness = self.harness(built, client.as_deref())?;
        if self.wants(TestGroup::It) {
            self.cargo_test(harness.is_some(), "integration tests", || {
                let harness = harness.as_ref().context("no database")?;
                let mut command = harness.in_environment(cargo_test(context, &["--test", "*"]));
                if env::var_os(TEST_THREADS_VARIABLE).is_none() {
                    command.env(TEST_THREADS_VARIABLE, test_threads().to_string());
                }
                Ok(command)
            })?;
        }
        if self.wants(TestGroup::E2e) {
            self.end_to_end(harness.as_ref())?;
        }
        Ok(())
    }

    /// The browser half; nothing when it does not build.
    fn client(&mut self) -> Result<Option<PathBuf>> {
        let context = self.context;
        let mut client = None;
        self.report.run("build: browser half", || {
            client = Some(build_client(context)?);
            Ok(Tally::default())
        })?;
        Ok(client)
    }

    /// What integration and browser tests need; nothing when that cannot be had.
    fn harness(&mut self, built: bool, client: Option<&Path>) -> Result<Option<Harness>> {
        let context = self.context;
        let mut harness = None;
        if let (true, Some(public)) = (built, client) {
            self.report.run("database for the tests", || {
                harness = Some(Harness::start(context, public)?);
                Ok(Tally::default())
            })?;
        }
        Ok(harness)
    }

    fn end_to_end(&mut self, harness: Option<&Harness>) -> Result<()> {
        let (context, filter) = (self.context, &mut self.filter);
        let directory = context.root.join("tests/e2e");
        let mut run = |name, work: &mut dyn FnMut(&Harness) -> Result<Tally>| {
            run_or_note(&mut self.report, harness.is_some(), name, || {
                work(harness.context("no database")?)
            })
        };
        run("Twilio's Node library", &mut |harness| {
            node_tests(context, harness, &directory)
        })?;
        run("Twilio's Python library, CloudEvents", &mut |harness| {
            python_tests(context, harness, &directory)
        })?;
        run("browser tests", &mut |harness| {
            let words = filter.words;
            browser_tests(context, harness, &directory, words).map(|tally| filter.note(tally))
        })
    }

    /// A cargo command that runs tests, those of the filter.
    fn cargo_test(
        &mut self,
        possible: bool,
        name: &'static str,
        command: impl FnOnce() -> Result<Command>,
    ) -> Result<()> {
        let (context, filter) = (self.context, &mut self.filter);
        run_or_note(&mut self.report, possible, name, || {
            let mut command = command()?;
            command.arg("--").args(filter.words);
            let finished = run_watched(&mut command, &context.interrupt, Echo::Always)?;
            let tally = cargo_summary(&finished.lines).with_exit(finished.status.success());
            Ok(filter.note(tally))
        })
    }
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

fn cargo_test(context: &Context, targets: &[&str]) -> Command {
    let mut command = cargo(context);
    command
        .arg("test")
        .args(WORKSPACE)
        .arg("--no-fail-fast")
        .args(targets);
    command
}

/// A command that passes or fails as a whole.
fn check(context: &Context, command: &mut Command) -> Result<Tally> {
    let finished = run_watched(command, &context.interrupt, Echo::OnFailure)?;
    Ok(Tally::default().with_exit(finished.status.success()))
}
