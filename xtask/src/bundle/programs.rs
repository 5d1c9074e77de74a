//! The server and the simulator.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::step::step;
use crate::base::tool_command::tool_command;

/// The packages of a demo's programs.
const DEMO: [&str; 3] = ["loquent", "demo", "twilio-sim"];

/// The compiled programs of one profile.
#[derive(Clone, Debug)]
pub struct Programs {
    pub server: PathBuf,
    pub simulator: PathBuf,
    /// Makes and removes the demo organization.
    pub demo: PathBuf,
}

/// Builds what `cargo xtask run` runs: a compromise between time to compile and speed, without
/// the client of S3.
///
/// # Errors
/// When they do not compile.
pub fn build_demo_programs(context: &Context) -> Result<Programs> {
    cargo_build(
        context,
        "server, demo and simulator: compiling",
        &DEMO,
        &["--profile", "demo", "--features", "loquent/server"],
    )?;
    collect_programs(context, "demo", &context.target.join("demo"))
}

/// Builds the optimized server as it is released, and nothing else.
///
/// # Errors
/// When it does not compile.
pub fn build_release_server(context: &Context) -> Result<PathBuf> {
    cargo_build(
        context,
        "server: compiling (release)",
        &["loquent"],
        &["--release", "--features", "loquent/s3"],
    )?;
    Ok(context.target.join("release/loquent"))
}

/// Builds server and simulator for development: quickly, without optimization.
///
/// # Errors
/// When they do not compile.
pub fn build_dev_programs(context: &Context) -> Result<Programs> {
    cargo_build(
        context,
        "server, demo and simulator: compiling (for development)",
        &DEMO,
        &["--features", "loquent/server"],
    )?;
    collect_programs(context, "dev", &context.target.join("debug"))
}

/// Builds the program `bench` and what it measures, at once, so that they share what they are
/// made of.
///
/// # Errors
/// When they do not compile.
pub fn build_bench_programs(context: &Context) -> Result<PathBuf> {
    cargo_build(
        context,
        "server, demo, simulator and bench: compiling (release)",
        &DEMO,
        &[
            "--release",
            "--features",
            "loquent/s3",
            "--package",
            "bench",
        ],
    )?;
    Ok(context.target.join("release/bench"))
}

/// The optimized server and simulator that were built last.
///
/// # Errors
/// When there are none.
pub fn release_programs(context: &Context) -> Result<Programs> {
    collect_programs(context, "release", &context.target.join("release"))
}

fn cargo_build(context: &Context, what: &str, packages: &[&str], more: &[&str]) -> Result<()> {
    step(what, || {
        let mut command = tool_command("cargo");
        command
            .arg("build")
            .args(packages.iter().map(|name| format!("--package={name}")))
            .arg("--bins")
            .args(more)
            .current_dir(&context.root);
        run_logged(&mut command, &context.interrupt).map(drop)
    })
}

/// Puts compiled programs into the bundle of a profile, so that a later build
/// does not replace what is running.
fn collect_programs(context: &Context, profile: &str, compiled: &Path) -> Result<Programs> {
    let bundle = context.bundle(profile);
    fs::create_dir_all(&bundle)?;
    let take = |name: &str| -> Result<PathBuf> {
        let (source, target) = (compiled.join(name), bundle.join(name));
        if !is_same_file(&source, &target) {
            let unfinished = bundle.join(format!("{name}.unfinished"));
            fs::copy(&source, &unfinished).with_context(|| source.display().to_string())?;
            fs::rename(&unfinished, &target).with_context(|| target.display().to_string())?;
        }
        Ok(target)
    };
    Ok(Programs {
        server: take("loquent")?,
        simulator: take("twilio-sim")?,
        demo: take("demo")?,
    })
}

/// A copy is younger than its source and as long as it.
fn is_same_file(source: &Path, copy: &Path) -> bool {
    match (source.metadata(), copy.metadata()) {
        (Ok(source), Ok(copy)) => {
            source.len() == copy.len()
                && matches!((source.modified(), copy.modified()), (Ok(a), Ok(b)) if a <= b)
        }
        _ => false,
    }
}
