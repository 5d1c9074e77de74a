use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use xtask::base::context::Context;
use xtask::base::service::Service;
use xtask::base::tool_command::tool_command;
use xtask::base::wait_ready::{START_LIMIT, wait_for_http};
use xtask::bundle::programs::release_programs;
use xtask::demo::simulator_account::{SIMULATOR_ACCOUNT_SID, SIMULATOR_AUTH_TOKEN};

use crate::block_on::block_on;
use crate::server_under_test::{Setting, free_port};

/// A running simulator, stopped when this is dropped.
#[derive(Debug)]
pub(super) struct Simulator {
    address: String,
    _service: Service,
}

impl Simulator {
    /// Starts the simulator with the account of the demo.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(context: &Context) -> Result<Self> {
        let port = free_port()?;
        let mut service = Service::start(
            "the simulator",
            tool_command(release_programs(context)?.simulator)
                .args(["--port", &port.to_string()])
                .args(["--account-sid", SIMULATOR_ACCOUNT_SID])
                .args(["--auth-token", SIMULATOR_AUTH_TOKEN]),
            &context.target.join("test-logs/bench-sync-simulator.log"),
        )?;
        let interrupt = &context.interrupt;
        wait_for_http(&mut service, port, "/sim/timing", START_LIMIT, interrupt)?;
        Ok(Self {
            address: format!("http://127.0.0.1:{port}"),
            _service: service,
        })
    }

    /// Leads a server here instead of to Twilio.
    pub fn settings(&self) -> Vec<Setting> {
        ["TWILIO_API_BASE_URL", "TWILIO_EVENTS_BASE_URL"]
            .map(|name| (name, self.address.clone().into()))
            .into()
    }

    /// Gives a number a history.
    ///
    /// # Errors
    /// When the simulator refuses.
    pub fn add_history(&self, context: &Context, history: &Value) -> Result<()> {
        self.send(context, reqwest::Method::POST, "/sim/history", history)
    }

    /// From now on, each page of messages takes 300 ms.
    ///
    /// # Errors
    /// When the simulator refuses.
    pub fn slow_down(&self, context: &Context) -> Result<()> {
        let latency = json!({ "rules": [
            { "on": "list_messages", "fault": { "kind": "latency", "ms": 300 } }
        ] });
        self.send(context, reqwest::Method::PUT, "/sim/faults", &latency)
    }

    fn send(
        &self,
        context: &Context,
        method: reqwest::Method,
        path: &str,
        body: &Value,
    ) -> Result<()> {
        let url = format!("{}{path}", self.address);
        block_on(&context.interrupt, async {
            // A developer's proxy must not be asked for what is here.
            let client = reqwest::Client::builder().no_proxy().build()?;
            let answer = client.request(method, &url).json(body).send().await?;
            answer.error_for_status()?;
            Ok(())
        })
        .with_context(|| url.clone())
    }
}
