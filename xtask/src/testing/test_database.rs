//! A database cluster for one run.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::base::context::Context;
use crate::base::service::Service;
use crate::base::step::step;
use crate::base::tool_command::tool_command;
use crate::base::wait_ready::wait_for;
use crate::setup::postgres::POSTGRES_BIN_VARIABLE;

/// Whether the cluster must keep what it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Nothing is flushed: quick, and lost with the machine. For tests.
    Ephemeral,
    /// As in production. For measurements.
    Durable,
}

const START_LIMIT: Duration = Duration::from_secs(120);
/// The server's program prints this when the cluster accepts connections.
const READY_PREFIX: &str = "DATABASE_URL=";

/// A cluster that is removed when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    /// URL of a superuser.
    pub url: String,
    service: Service,
    directory: PathBuf,
}

impl TestDatabase {
    /// Starts a cluster with the server's own means.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(
        context: &Context,
        server: &Path,
        postgres: &Path,
        durability: Durability,
    ) -> Result<Self> {
        // Not below the target directory: when we are root, the cluster runs as another
        // user, who may not look into our home. And socket paths must be short.
        let directory = env::temp_dir().join(format!("loquent-{}", std::process::id()));
        let log = context.target.join("test-logs/postgres.log");
        let mut command = tool_command(server);
        command.arg("postgres").arg("--data-dir").arg(&directory);
        if durability == Durability::Ephemeral {
            command.arg("--ephemeral");
        }
        // The current directory must be one that the other user may enter, too.
        command
            .env(POSTGRES_BIN_VARIABLE, postgres)
            .env_remove("DATABASE_URL")
            .current_dir("/");
        let mut service = Service::start("the test database", &mut command, &log)?;
        let url = step("starting a database cluster for this run", || {
            wait_for(&mut service, START_LIMIT, &context.interrupt, |service| {
                let text = service.log_text();
                let line = text
                    .lines()
                    .find_map(|line| line.strip_prefix(READY_PREFIX))?;
                Some(line.trim().to_owned())
            })
        })
        .context("no database to test with")?;
        Ok(Self {
            url,
            service,
            directory,
        })
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        self.service.stop();
        // What stays behind in the temp directory does no harm.
        let _ = fs::remove_dir_all(&self.directory);
    }
}
