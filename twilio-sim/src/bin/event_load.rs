//! Posts signed events to a webhook on this machine and prints the rate and the times to the
//! answer as one line of JSON; or, with a viewer, the times until single texts come to the socket
//! of somebody who looks at the inbox.

use std::process::ExitCode;

use clap::Parser;
use serde_json::json;
use twilio_sim::load::{LoadOptions, Viewer, run_live_probe, run_load};

#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    /// The webhook, on loopback.
    #[arg(long)]
    url: String,
    #[arg(long)]
    account_sid: String,
    #[arg(long)]
    auth_token: String,
    /// Numbers that the texts go to; repeat it for several.
    #[arg(long, default_values_t = ["+14155550134".to_owned(), "+14155550187".to_owned(), "+18335550142".to_owned()])]
    to: Vec<String>,
    /// Customers that the texts come from.
    #[arg(long, default_value_t = 1_000)]
    customers: u32,
    /// Posts under way at once.
    #[arg(long, default_value_t = 32)]
    connections: u32,
    /// Events in one post.
    #[arg(long, default_value_t = 1)]
    batch: u32,
    #[arg(long, default_value_t = 15)]
    seconds: u32,
    /// Events per second; without it, as many as possible.
    #[arg(long)]
    rate: Option<u32>,
    /// Who waits for single texts on a socket, in place of a load.
    #[arg(long, requires = "viewer_password")]
    viewer_email: Option<String>,
    #[arg(long, requires = "viewer_email")]
    viewer_password: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let viewer = cli
        .viewer_email
        .zip(cli.viewer_password)
        .map(|(email, password)| Viewer { email, password });
    let options = LoadOptions {
        url: cli.url,
        account_sid: cli.account_sid,
        auth_token: cli.auth_token,
        to: cli.to,
        customers: cli.customers,
        connections: cli.connections,
        batch: cli.batch,
        seconds: cli.seconds,
        rate: cli.rate,
    };
    match measure(options, viewer).await {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("event-load: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(
    options: LoadOptions,
    viewer: Option<Viewer>,
) -> Result<serde_json::Value, Box<dyn std::error::Error>> {
    Ok(match viewer {
        Some(viewer) => json!(run_live_probe(options, &viewer).await?),
        None => json!(run_load(options).await?),
    })
}
