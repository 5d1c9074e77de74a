//! `cargo xtask chaos`: everything goes wrong at once, for as long as wanted.

use anyhow::{Result, bail};

use crate::base::context::Context;
use crate::base::logged_command::{Echo, run_watched};
use crate::base::tool_command::tool_command;
use crate::cli::ChaosOptions;
use crate::setup::postgres::{POSTGRES_BIN_VARIABLE, ensure_postgres};

/// Runs the chaos test on a database cluster, a server and a simulator of its own, on this machine
/// only, and prints its counts.
///
/// # Errors
/// When a message was lost, doubled or left behind, or the test did not run.
pub fn chaos(context: &Context, options: ChaosOptions) -> Result<()> {
    let postgres = ensure_postgres(context)?;
    let mut command = tool_command("cargo");
    command
        .current_dir(&context.root)
        .args(["test", "--package", "loquent", "--features", "server"])
        .args(["--test", "it", "--", "chaos::", "--nocapture"])
        .env(POSTGRES_BIN_VARIABLE, postgres);
    if let Some(minutes) = options.minutes {
        command.env("CHAOS_MINUTES", minutes.to_string());
    }
    if let Some(seed) = options.seed {
        command.env("CHAOS_SEED", seed.to_string());
    }
    let finished = run_watched(&mut command, &context.interrupt, Echo::Always)?;
    if !finished.status.success() {
        bail!("the chaos test failed; repeat it with the seed that it printed");
    }
    Ok(())
}
