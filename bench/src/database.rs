//! The database of a measurement.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use xtask::base::context::Context;
use xtask::base::logged_command::run_logged;
use xtask::base::tool_command::tool_command;
use xtask::database::cluster::Durability;
use xtask::database::temporary_cluster::TemporaryCluster;
use xtask::setup::postgres::{ensure_postgres, find_postgres_program};

/// A new database in a durable cluster of its own. Both end when this is dropped.
#[derive(Debug)]
pub struct Database<'a> {
    context: &'a Context,
    /// The directory of Postgres' programs.
    pub postgres: PathBuf,
    /// Its URL, as superuser.
    pub url: String,
    psql: PathBuf,
    _cluster: TemporaryCluster,
}

impl<'a> Database<'a> {
    /// Starts a cluster with the server's program and makes a database in it.
    ///
    /// # Errors
    /// When there is no Postgres, or it does not start.
    pub fn create(context: &'a Context, server: &Path, name: &str) -> Result<Self> {
        let postgres = ensure_postgres(context)?;
        let psql = find_postgres_program(&postgres, "psql")
            .context("psql is missing: install the package postgresql-client")?;
        let cluster = TemporaryCluster::start(context, server, &postgres, Durability::Durable)?;
        let mut database = Self {
            context,
            postgres,
            url: cluster.url().to_owned(),
            psql,
            _cluster: cluster,
        };
        database.run(&format!("CREATE DATABASE {name}"))?;
        database.url =
            with_database(&database.url, name).context("a database URL without a path")?;
        Ok(database)
    }

    /// Runs SQL.
    ///
    /// # Errors
    /// When it fails.
    pub fn run(&self, sql: &str) -> Result<()> {
        run_logged(&mut self.psql(sql), &self.context.interrupt).map(drop)
    }

    /// The first line that a query returns, as psql prints it without decoration.
    ///
    /// # Errors
    /// When the query fails or returns nothing.
    pub fn line(&self, sql: &str) -> Result<String> {
        let mut command = self.psql(sql);
        command.args(["--tuples-only", "--no-align"]);
        run_logged(&mut command, &self.context.interrupt)?
            .lines
            .into_iter()
            .find(|line| !line.trim().is_empty())
            .with_context(|| format!("no row: {sql}"))
    }

    fn psql(&self, sql: &str) -> Command {
        let mut command = tool_command(&self.psql);
        command
            .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"])
            .args(["--command", sql, "--dbname", &self.url]);
        command
    }
}

/// The same server and user, another database.
fn with_database(url: &str, database: &str) -> Option<String> {
    let (base, query) = url
        .split_once('?')
        .map_or((url, None), |(base, q)| (base, Some(q)));
    let (server, _) = base.rsplit_once('/')?;
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{server}/{database}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_keeps_server_and_options() {
        assert_eq!(
            with_database("postgres://u:p@127.0.0.1:1/postgres?sslmode=disable", "b").as_deref(),
            Some("postgres://u:p@127.0.0.1:1/b?sslmode=disable")
        );
    }
}
