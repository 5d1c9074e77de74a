//! `cargo xtask bench`: measurements.

use std::os::unix::process::CommandExt;

use anyhow::{Context as _, Result};

use crate::base::context::Context;
use crate::base::tool_command::tool_command;
use crate::bundle::programs::build_bench_programs;
use crate::cli::{Bench, ServerBench};
use crate::commands::bench_client::bench_client;

/// Measures the browser half here, and leaves the server to the program `bench`.
///
/// # Errors
/// When something does not build, or a bar is missed.
pub fn bench(context: &Context, what: Option<Bench>) -> Result<()> {
    match what.unwrap_or(Bench::All) {
        Bench::Client => bench_client(context),
        Bench::Server(what) => become_bench(context, Some(what)),
        Bench::All => {
            bench_client(context)?;
            become_bench(context, None)
        }
    }
}

/// Replaces this process, so that signals and the exit code need no forwarding.
fn become_bench(context: &Context, what: Option<ServerBench>) -> Result<()> {
    let program = build_bench_programs(context)?;
    context.interrupt.check()?;
    let mut command = tool_command(program);
    command
        .args(what.into_iter().flat_map(ServerBench::arguments))
        .current_dir(&context.root);
    Err(command.exec()).context("bench did not start")
}
