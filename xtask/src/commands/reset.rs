//! `cargo xtask reset`: empties the demo data.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::tool_command::tool_command;
use crate::cli::ResetOptions;
use crate::commands::run_mark::running_in;

/// Removes the data directory; with a database of one's own, only the demo
/// organization in it. Stops nothing: it refuses while something runs.
///
/// # Errors
/// When Loquent runs, nobody confirms, or something cannot be removed.
pub fn reset(context: &Context, options: &ResetOptions) -> Result<()> {
    let data = context.data();
    if let Some(pid) = running_in(&data) {
        bail!("Loquent is running (process {pid}): stop it first, then reset");
    }
    if context.settings.get("DATABASE_URL").is_some() {
        confirm(
            options,
            "Remove the demo organization from the database in DATABASE_URL?",
        )?;
        let demo = context.bundle("demo").join("demo");
        if !demo.is_file() {
            bail!("the demo is not built yet: `cargo xtask run` does that");
        }
        let mut command = tool_command(demo);
        command
            .arg("reset")
            .current_dir(&context.root)
            .envs(context.settings.additions());
        run_logged(&mut command, &context.interrupt)?;
    } else {
        if !data.exists() {
            println!("Nothing to do: {} does not exist.", data.display());
            return Ok(());
        }
        confirm(
            options,
            &format!("Remove {} with its database and logs?", data.display()),
        )?;
        remove_data(&data)?;
    }
    println!("The demo data is gone. `cargo xtask run` makes it anew.");
    Ok(())
}

/// The database may live elsewhere, where its own user can reach it; then the
/// data directory has a link to it.
fn remove_data(data: &Path) -> Result<()> {
    let cluster = data.join("postgres");
    if cluster.is_symlink()
        && let Ok(target) = cluster.canonicalize()
        && target.join("PG_VERSION").is_file()
    {
        fs::remove_dir_all(&target)
            .with_context(|| format!("cannot remove {}", target.display()))?;
    }
    fs::remove_dir_all(data).with_context(|| format!("cannot remove {}", data.display()))
}

fn confirm(options: &ResetOptions, question: &str) -> Result<()> {
    if options.yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        bail!("nobody is there to confirm: pass --yes");
    }
    print!("{question} [y/N] ");
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    if !matches!(answer.trim(), "y" | "Y" | "yes") {
        bail!("nothing was removed");
    }
    Ok(())
}
