//! The optimized server with a database of its own.

use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use xtask::base::context::Context;
use xtask::base::logged_command::run_logged;
use xtask::base::service::Service;
use xtask::base::step::step;
use xtask::base::tool_command::tool_command;
use xtask::base::wait_ready::{START_LIMIT, wait_for_http};
use xtask::bundle::client::build_client;
use xtask::bundle::programs::release_programs;
use xtask::demo::simulator_account::{SIMULATOR_ACCOUNT_SID, SIMULATOR_AUTH_TOKEN};

use crate::database::Database;

/// A setting of the server beside those that all measurements share.
pub type Setting = (&'static str, OsString);

/// The server, ready to be started.
#[derive(Debug)]
pub struct ServerUnderTest<'a> {
    /// Its database, with all tables.
    pub database: Database<'a>,
    /// Where it listens.
    pub port: u16,
    context: &'a Context,
    program: PathBuf,
    log: PathBuf,
    settings: Vec<Setting>,
}

impl<'a> ServerUnderTest<'a> {
    /// Makes a database of this name with all tables.
    ///
    /// # Errors
    /// When something is missing.
    pub fn prepare(context: &'a Context, name: &str, settings: Vec<Setting>) -> Result<Self> {
        let program = release_programs(context)?.server;
        let server = Self {
            database: Database::create(context, &program, name)?,
            port: free_port()?,
            context,
            program,
            log: context.target.join(format!("test-logs/{name}-server.log")),
            settings,
        };
        server.run_to_the_end("tables", &["migrate"])?;
        Ok(server)
    }

    /// Builds the browser half, too, and makes the demo organization.
    ///
    /// # Errors
    /// When something is missing or does not build.
    pub fn prepare_with_demo(context: &'a Context, name: &str) -> Result<Self> {
        let public = build_client(context)?;
        let server = Self::prepare(context, name, vec![("DIOXUS_PUBLIC_PATH", public.into())])?;
        let demo = release_programs(context)?.demo;
        step("an organization", || {
            let mut command = server.command(&demo);
            run_logged(command.arg("seed"), &context.interrupt).map(drop)
        })?;
        Ok(server)
    }

    /// Starts it and waits until it answers.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(&self, settings: &[Setting]) -> Result<Service> {
        let mut command = self.command(&self.program);
        command.arg("serve").envs(settings.iter().cloned());
        let mut service = Service::start("the server", &mut command, &self.log)?;
        wait_for_http(
            &mut service,
            self.port,
            "/readyz",
            START_LIMIT,
            &self.context.interrupt,
        )?;
        Ok(service)
    }

    fn run_to_the_end(&self, what: &str, arguments: &[&str]) -> Result<()> {
        step(what, || {
            run_logged(
                self.command(&self.program).args(arguments),
                &self.context.interrupt,
            )
            .map(drop)
        })
    }

    /// A program with all settings of the server, but for what it is to do.
    fn command(&self, program: &Path) -> Command {
        // Only the generated key goes there.
        let data = self.context.target.join("test-logs/bench-data");
        let mut command = tool_command(program);
        command
            .current_dir(&self.context.root)
            .env("DATABASE_URL", &self.database.url)
            .env("LOQUENT_DATA_DIR", data)
            .env("IP", "127.0.0.1")
            .env("PORT", self.port.to_string())
            .env("APP_HOST", format!("http://127.0.0.1:{}", self.port))
            .env("TWILIO_ACCOUNT_SID", SIMULATOR_ACCOUNT_SID)
            .env("TWILIO_AUTH_TOKEN", SIMULATOR_AUTH_TOKEN)
            .envs(self.settings.iter().cloned());
        command
    }
}

/// A port that is free now.
///
/// # Errors
/// When the loopback interface has none.
pub fn free_port() -> Result<u16> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on loopback")?;
    Ok(listener.local_addr()?.port())
}
