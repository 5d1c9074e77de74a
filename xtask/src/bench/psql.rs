//! Questions to the database.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::path_lookup::{find_on_path, is_executable};
use crate::base::tool_command::tool_command;

/// The first line that a query gives, as psql prints it without decoration.
///
/// # Errors
/// When there is no psql, or the query fails or gives nothing.
pub fn query_line(context: &Context, pgbench: &Path, url: &str, sql: &str) -> Result<String> {
    let psql = Some(pgbench.with_file_name("psql"))
        .filter(|beside| is_executable(beside))
        .or_else(|| find_on_path("psql"))
        .context("psql is missing: install the package postgresql-client")?;
    let mut command = tool_command(psql);
    command.args([
        "--no-psqlrc",
        "--quiet",
        "--tuples-only",
        "--no-align",
        "--set=ON_ERROR_STOP=1",
        "--command",
        sql,
        url,
    ]);
    let finished = run_logged(&mut command, &context.interrupt)?;
    finished
        .lines
        .into_iter()
        .find(|line| !line.trim().is_empty())
        .with_context(|| format!("no row: {sql}"))
}
