//! A cluster that runs while we hold it.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::base::context::Context;
use crate::base::service::Service;
use crate::base::step::step;
use crate::base::tool_command::tool_command;
use crate::base::wait_ready::{START_LIMIT, wait_for};
use crate::setup::postgres::POSTGRES_BIN_VARIABLE;

/// Whether the cluster must keep what it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Nothing is flushed: quick, and lost with the machine. For tests.
    Ephemeral,
    /// As in production.
    Durable,
}

/// The server's program prints this when the cluster accepts connections.
const READY_PREFIX: &str = "DATABASE_URL=";

/// A running cluster, stopped when this is dropped.
#[derive(Debug)]
pub struct Cluster {
    /// URL of a superuser.
    pub url: String,
    service: Service,
}

impl Cluster {
    /// Starts the cluster of a directory with `loquent postgres`, which makes it on first use.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(
        context: &Context,
        server: &Path,
        postgres: &Path,
        directory: &Path,
        durability: Durability,
        log: &Path,
    ) -> Result<Self> {
        let mut command = tool_command(server);
        command.arg("postgres").arg("--data-dir").arg(directory);
        if durability == Durability::Ephemeral {
            command.arg("--ephemeral");
        }
        // Where we are root, the cluster runs as another user, who must be able to enter.
        command
            .env(POSTGRES_BIN_VARIABLE, postgres)
            .env_remove("DATABASE_URL")
            .current_dir("/");
        let mut service = Service::start("the database", &mut command, log)?;
        let url = step("starting a database cluster", || {
            wait_for(&mut service, START_LIMIT, &context.interrupt, |service| {
                let text = service.log_text();
                let line = text
                    .lines()
                    .find_map(|line| line.strip_prefix(READY_PREFIX))?;
                Some(line.trim().to_owned())
            })
        })
        .context("no database")?;
        Ok(Self { url, service })
    }

    /// Stops it now.
    pub fn stop(&mut self) {
        self.service.stop();
    }
}
