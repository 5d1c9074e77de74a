//! Test runners that are not cargo: Node, Python, Playwright.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::base::context::Context;
use crate::base::logged_command::{Echo, run_watched};
use crate::base::path_lookup::path_starting_with;
use crate::base::tool_command::tool_command;
use crate::bundle::file_tree::files_below;
use crate::setup::chromium::{CHROMIUM_VARIABLE, ensure_chromium};
use crate::setup::node::ensure_test_node;
use crate::setup::npm_packages::ensure_packages;
use crate::setup::python::ensure_python_packages;
use crate::testing::harness::Harness;
use crate::testing::playwright_summary::playwright_summary;
use crate::testing::tally::Tally;
use crate::testing::tap_summary::tap_summary;
use crate::testing::unittest_summary::unittest_summary;

const NODE_PACKAGES: &str = "Twilio's library, Playwright and axe, for the tests";
/// Those of `tests/e2e/playwright.config.mjs`, in their order.
const BROWSER_PROJECTS: [&str; 2] = ["side by side", "alone"];
const PYTHON_PACKAGES: &str = "Twilio's library and CloudEvents' own, for the tests";

/// Twilio's Node library against the simulator.
///
/// # Errors
/// When it cannot run.
pub fn node_tests(context: &Context, harness: &Harness, directory: &Path) -> Result<Tally> {
    let node = ensure_test_node(context)?;
    ensure_packages(context, directory, NODE_PACKAGES)?;
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

/// Twilio's Python library and CloudEvents' own against the simulator.
///
/// # Errors
/// When they cannot run.
pub fn python_tests(context: &Context, harness: &Harness, directory: &Path) -> Result<Tally> {
    let directory = directory.join("twilio-python");
    let requirements = directory.join("requirements.txt");
    let python = ensure_python_packages(context, &requirements, PYTHON_PACKAGES)?;
    let mut command = harness.in_environment(tool_command(python));
    command
        // No compiled files beside the sources, and nothing of the user's own packages.
        .args(["-B", "-s", "-m", "unittest", "discover", "--verbose"])
        .current_dir(directory);
    let finished = run_watched(&mut command, &context.interrupt, Echo::Always)?;
    at_least_one(unittest_summary(&finished.lines).with_exit(finished.status.success()))
}

/// Playwright on Chromium: first what may run side by side, then what measures times.
///
/// # Errors
/// When it cannot run.
pub fn browser_tests(
    context: &Context,
    harness: &Harness,
    directory: &Path,
    filter: &[String],
) -> Result<Tally> {
    let chromium = ensure_chromium(context)?;
    let node = ensure_test_node(context)?;
    ensure_packages(context, directory, NODE_PACKAGES)?;
    let json = context.target.join("test-logs/playwright.json");
    let mut tally = Tally::default();
    for project in BROWSER_PROJECTS {
        remove_old(&json)?;
        let playwright = directory.join("node_modules/.bin/playwright");
        let mut command = harness.in_environment(tool_command(playwright));
        command
            .args(["test", "--reporter=list,json", "--pass-with-no-tests"])
            // Without the sign it would take the filter for projects, too.
            .arg(format!("--project={project}"))
            .args(filter)
            .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &json)
            .env(CHROMIUM_VARIABLE, &chromium)
            .env("PATH", path_starting_with(node.as_deref())?)
            .current_dir(directory);
        let finished = run_watched(&mut command, &context.interrupt, Echo::Always)?;
        let text = fs::read_to_string(&json).context("Playwright left no report")?;
        tally = tally + playwright_summary(&text)?.with_exit(finished.status.success());
    }
    if filter.is_empty() {
        return at_least_one(tally);
    }
    Ok(tally)
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
