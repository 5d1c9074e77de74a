//! What the tests find in their environment.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::base::context::Context;
use crate::database::cluster::Durability;
use crate::database::temporary_cluster::TemporaryCluster;
use crate::setup::postgres::{POSTGRES_BIN_VARIABLE, ensure_postgres};

/// A superuser's URL; the tests make a database each.
const DATABASE_VARIABLE: &str = "TEST_DATABASE_URL";

/// The programs under test, and a database that runs while this is held.
#[derive(Debug)]
pub struct Harness {
    database: Option<TemporaryCluster>,
    postgres: PathBuf,
    server: PathBuf,
    simulator: PathBuf,
    demo: PathBuf,
    public: PathBuf,
}

impl Harness {
    /// Starts a database, unless the environment names one.
    ///
    /// # Errors
    /// When there is no Postgres, or it does not start.
    pub fn start(context: &Context, public: &Path) -> Result<Self> {
        let postgres = ensure_postgres(context)?;
        let server = context.target.join("debug/loquent");
        let database = if env::var_os(DATABASE_VARIABLE).is_some() {
            println!("  using {DATABASE_VARIABLE} of the environment");
            None
        } else {
            Some(TemporaryCluster::start(
                context,
                &server,
                &postgres,
                Durability::Ephemeral,
            )?)
        };
        let simulator = context.target.join("debug/twilio-sim");
        Ok(Self {
            database,
            postgres,
            server,
            simulator,
            demo: context.target.join("debug/demo"),
            public: public.to_path_buf(),
        })
    }

    /// The command, told where everything is.
    #[must_use]
    pub fn in_environment(&self, mut command: Command) -> Command {
        command
            .env(POSTGRES_BIN_VARIABLE, &self.postgres)
            .env("LOQUENT_BIN", &self.server)
            .env("TWILIO_SIM_BIN", &self.simulator)
            .env("DEMO_BIN", &self.demo)
            .env("LOQUENT_PUBLIC_DIR", &self.public)
            .env("DIOXUS_PUBLIC_PATH", &self.public)
            // All servers are here; a developer's proxy must not be asked for them.
            .env("NO_PROXY", "127.0.0.1,localhost");
        if let Some(database) = &self.database {
            command.env(DATABASE_VARIABLE, database.url());
        }
        command
    }
}
