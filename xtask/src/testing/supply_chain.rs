//! What we depend on: `cargo deny` with `deny.toml`.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::base::context::Context;
use crate::base::logged_command::{Echo, run_watched};
use crate::base::tool_command::tool_command;
use crate::setup::cargo_deny::ensure_cargo_deny;
use crate::testing::report::Report;
use crate::testing::tally::Tally;

/// Names a copy of the RustSec database: a git repository, by URL or path.
const DATABASE_VARIABLE: &str = "LOQUENT_ADVISORY_DB";
/// Where `cargo deny` looks for it. The same as in `deny.toml`.
const DATABASE: &str = "https://github.com/RustSec/advisory-db";
/// How long the database may take to show that it is there.
const ANSWER_LIMIT: Duration = Duration::from_secs(20);
const TICK: Duration = Duration::from_millis(100);

/// Licences, sources and duplicates, always; advisories where their database can be had.
///
/// # Errors
/// Only when the user interrupts.
pub fn check_supply_chain(context: &Context, report: &mut Report) -> Result<()> {
    let mut program = None;
    report.run("licences, sources, duplicates", || {
        let deny = program.insert(ensure_cargo_deny(context)?);
        deny_check(context, deny, &["bans", "licenses", "sources"])
    })?;
    let Some(program) = program else {
        report.not_run(ADVISORIES, "there is no cargo-deny");
        return Ok(());
    };
    if !is_reachable(context) {
        report.not_run(
            ADVISORIES,
            "the RustSec database cannot be reached from here",
        );
        return Ok(());
    }
    report.run(ADVISORIES, || {
        deny_check(context, &program, &["advisories"])
    })?;
    Ok(())
}

const ADVISORIES: &str = "advisories";

fn deny_check(context: &Context, program: &Path, what: &[&str]) -> Result<Tally> {
    let mut command = tool_command(program);
    command
        .args(["--locked", "--workspace", "check", "--hide-inclusion-graph"])
        .args(what)
        .current_dir(&context.root);
    let finished = run_watched(
        at_the_copy(&mut command, context),
        &context.interrupt,
        Echo::OnFailure,
    )?;
    Ok(Tally::default().with_exit(finished.status.success()))
}

/// Makes git take the copy of the database that a setting names.
fn at_the_copy<'a>(command: &'a mut Command, context: &Context) -> &'a mut Command {
    if let Some(copy) = context.settings.get(DATABASE_VARIABLE) {
        command
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", format!("url.{copy}.insteadOf"))
            .env("GIT_CONFIG_VALUE_0", DATABASE);
    }
    command.env("GIT_TERMINAL_PROMPT", "0")
}

fn is_reachable(context: &Context) -> bool {
    let mut command = tool_command("git");
    command
        .args(["ls-remote", "--exit-code", "--heads", DATABASE, "main"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .current_dir(&context.root);
    let Ok(mut child) = at_the_copy(&mut command, context).spawn() else {
        return false;
    };
    let deadline = Instant::now() + ANSWER_LIMIT;
    while Instant::now() < deadline && !context.interrupt.is_set() {
        if let Ok(Some(status)) = child.try_wait() {
            return status.success();
        }
        thread::sleep(TICK);
    }
    // It may have ended by itself meanwhile.
    let _ = child.kill();
    let _ = child.wait();
    false
}
