//! What a measurement of the server needs: programs, a durable cluster, a database with the demo.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::port::free_port;
use crate::base::step::step;
use crate::base::tool_command::tool_command;
use crate::bench::pgbench::run_sql;
use crate::bundle::client::build_client;
use crate::bundle::programs::build_release_programs;
use crate::database::cluster::Durability;
use crate::database::temporary_cluster::TemporaryCluster;
use crate::demo::simulator_account::{SIMULATOR_ACCOUNT_SID, SIMULATOR_AUTH_TOKEN};
use crate::setup::postgres::{ensure_postgres, find_pgbench};

/// The optimized server with a database of its own, ready to be started.
#[derive(Debug)]
pub struct ServerUnderTest {
    /// `pgbench`; `psql` is beside it.
    pub pgbench: PathBuf,
    /// The program that posts events.
    pub generator: PathBuf,
    /// The server's database.
    pub url: String,
    /// Where the server listens.
    pub port: u16,
    server: PathBuf,
    public: PathBuf,
    data: PathBuf,
    root: PathBuf,
    // Stopped when this is dropped.
    _cluster: TemporaryCluster,
}

impl ServerUnderTest {
    /// Builds the programs, starts a cluster and seeds the demo organization.
    ///
    /// # Errors
    /// When something is missing or does not build.
    pub fn prepare(context: &Context, database: &str) -> Result<Self> {
        let postgres = ensure_postgres(context)?;
        let pgbench = find_pgbench(&postgres)?;
        let public = build_client(context)?;
        let programs = build_release_programs(context)?;
        let generator = context.target.join("release/event-load");
        if !generator.is_file() {
            bail!("the load generator event-load of twilio-sim was not built");
        }
        let cluster =
            TemporaryCluster::start(context, &programs.server, &postgres, Durability::Durable)?;
        let create = format!("CREATE DATABASE {database}");
        run_sql(context, &pgbench, cluster.url(), &create)?;
        let url =
            with_database(cluster.url(), database).context("a database URL without a path")?;
        let bench = Self {
            pgbench,
            generator,
            url,
            port: free_port()?,
            server: programs.server,
            public,
            // Only the generated key goes there.
            data: context.target.join("test-logs/bench-data"),
            root: context.root.clone(),
            _cluster: cluster,
        };
        step("tables and an organization", || {
            run_logged(bench.command().arg("migrate"), &context.interrupt)?;
            run_logged(bench.command().args(["demo", "seed"]), &context.interrupt)
        })?;
        Ok(bench)
    }

    /// The server's program with all of its settings, but for what it is to do.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = tool_command(&self.server);
        command
            .current_dir(&self.root)
            .env("DATABASE_URL", &self.url)
            .env("LOQUENT_DATA_DIR", &self.data)
            .env("IP", "127.0.0.1")
            .env("PORT", self.port.to_string())
            .env("APP_HOST", format!("http://127.0.0.1:{}", self.port))
            .env("TWILIO_ACCOUNT_SID", SIMULATOR_ACCOUNT_SID)
            .env("TWILIO_AUTH_TOKEN", SIMULATOR_AUTH_TOKEN)
            .env("DIOXUS_PUBLIC_PATH", &self.public);
        command
    }
}

/// The same server and user, another database.
#[must_use]
pub fn with_database(url: &str, database: &str) -> Option<String> {
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
