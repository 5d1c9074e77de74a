//! The simulator as a program.

use std::process::ExitCode;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use twilio_sim::{SeedAccount, Simulator, SimulatorConfig, SimulatorError};

/// A simulator of Twilio: REST API, Event Streams and a customer's handset.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes any free one.
    #[arg(long, env = "TWILIO_SIM_PORT", default_value_t = 4010)]
    port: u16,
    /// SID of an account that exists from the start: AC and 32 hex digits.
    #[arg(long, env = "TWILIO_SIM_ACCOUNT_SID", requires = "auth_token")]
    account_sid: Option<String>,
    /// Auth token of that account.
    #[arg(
        long,
        env = "TWILIO_SIM_AUTH_TOKEN",
        hide_env_values = true,
        requires = "account_sid"
    )]
    auth_token: Option<String>,
    /// Name of that account.
    #[arg(long, env = "TWILIO_SIM_ACCOUNT_NAME", default_value = "Demo account")]
    account_name: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .with_writer(std::io::stderr)
        .init();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), SimulatorError> {
    let listen = |source| SimulatorError::Listen {
        port: arguments.port,
        source,
    };
    let mut terminate = signal(SignalKind::terminate()).map_err(listen)?;
    let account = arguments
        .account_sid
        .zip(arguments.auth_token)
        .map(|(sid, auth_token)| SeedAccount {
            sid,
            auth_token,
            friendly_name: arguments.account_name,
        });
    let simulator = Simulator::spawn(SimulatorConfig {
        port: arguments.port,
        account,
        ..SimulatorConfig::default()
    })
    .await?;
    println!("{}", simulator.base_url());
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    simulator.stop().await;
    Ok(())
}
