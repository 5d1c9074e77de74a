//! What runs where, and with which settings.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::base::context::Context;
use crate::base::logged_command::run_logged;
use crate::base::tool_command::tool_command;
use crate::demo::simulator_account::{SIMULATOR_ACCOUNT_SID, SIMULATOR_AUTH_TOKEN};
use crate::setup::postgres::{POSTGRES_BIN_VARIABLE, ensure_postgres};

/// Where a run listens, and whether Twilio is simulated.
#[derive(Clone, Debug)]
pub struct Stage {
    pub port: u16,
    /// The simulator's port; none when a Twilio account is configured.
    pub simulator_port: Option<u16>,
    /// The database that we run ourselves; else the server runs one, or `DATABASE_URL` names one.
    pub database: Option<String>,
}

impl Stage {
    /// A configured Twilio account replaces the simulator.
    #[must_use]
    pub fn new(context: &Context, port: u16, simulator_port: u16) -> Self {
        let simulated = context.settings.get("TWILIO_ACCOUNT_SID").is_none();
        Self {
            port,
            simulator_port: simulated.then_some(simulator_port),
            database: None,
        }
    }

    /// Address of the server.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Address of the simulator.
    #[must_use]
    pub fn simulator_address(&self) -> Option<String> {
        self.simulator_port
            .map(|port| format!("http://127.0.0.1:{port}"))
    }

    /// The programs for a database of our own; none where one is configured.
    ///
    /// # Errors
    /// When there is no Postgres and none can be installed.
    pub fn ensure_database(&self, context: &Context) -> Result<Option<PathBuf>> {
        match context.settings.get("DATABASE_URL") {
            Some(_) => Ok(None),
            None => ensure_postgres(context).map(Some),
        }
    }

    /// A command with everything that the server wants to know.
    ///
    /// # Errors
    /// When no database is configured and there is no Postgres to run one.
    pub fn server_command(&self, context: &Context, program: &Path) -> Result<Command> {
        let mut command = tool_command(program);
        command
            .current_dir(&context.root)
            .envs(context.settings.additions());
        if let Some(programs) = self.ensure_database(context)? {
            command.env(POSTGRES_BIN_VARIABLE, programs);
        }
        let defaults = [("IP", "127.0.0.1".to_owned()), ("APP_HOST", self.address())];
        for (name, value) in defaults {
            if context.settings.get(name).is_none() {
                command.env(name, value);
            }
        }
        command.env("PORT", self.port.to_string());
        if let Some(url) = &self.database {
            command.env("DATABASE_URL", url);
        }
        if let Some(simulator) = self.simulator_address() {
            command
                .env("TWILIO_ACCOUNT_SID", SIMULATOR_ACCOUNT_SID)
                .env("TWILIO_AUTH_TOKEN", SIMULATOR_AUTH_TOKEN)
                .env("TWILIO_API_BASE_URL", &simulator)
                .env("TWILIO_EVENTS_BASE_URL", &simulator);
        }
        Ok(command)
    }

    /// The simulator's command; none when a Twilio account is configured.
    #[must_use]
    pub fn simulator_command(&self, program: &Path) -> Option<Command> {
        let port = self.simulator_port?;
        let mut command = tool_command(program);
        command
            .args(["--port", &port.to_string()])
            .args(["--account-sid", SIMULATOR_ACCOUNT_SID])
            .args(["--auth-token", SIMULATOR_AUTH_TOKEN]);
        Some(command)
    }

    /// Makes the demo organization, in the server's database and in the
    /// simulator, where it is missing. Returns what the program `demo` says
    /// about it.
    ///
    /// # Errors
    /// When it fails, or prints no JSON.
    pub fn seed_demo(&self, context: &Context, demo: &Path) -> Result<Value> {
        let mut command = self.server_command(context, demo)?;
        command.arg("seed");
        if let Some(simulator) = self.simulator_address() {
            command.args(["--simulator", &simulator]);
        }
        let finished = run_logged(&mut command, &context.interrupt)?;
        last_json_object(&finished.lines)
            .context("the demo organization was made, but not described")
    }
}

/// The last JSON object among lines that are otherwise log lines. It may be
/// printed over several lines.
fn last_json_object(lines: &[String]) -> Result<Value> {
    for start in (0..lines.len())
        .rev()
        .filter(|index| lines[*index].starts_with('{'))
    {
        let text = lines[start..].join("\n");
        let mut values = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
        if let Some(Ok(value)) = values.next()
            && value.get("logins").is_some()
        {
            return Ok(value);
        }
    }
    bail!("no JSON object with `logins`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_description_is_found_between_log_lines() {
        let printed = lines("{\"level\":\"INFO\"}\n{\n\"logins\": [1]\n}\nbye");
        let found = last_json_object(&printed).map(|value| value["logins"][0].as_i64());
        assert_eq!(found.ok(), Some(Some(1)));
    }

    #[test]
    fn no_description_is_an_error() {
        assert!(last_json_object(&lines("{\"level\":\"INFO\"}")).is_err());
    }
}
