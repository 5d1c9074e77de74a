//! Posts signed events to a webhook on this machine and prints the rate and the times to the
//! answer as one line of JSON.

use std::process::ExitCode;

use clap::Parser;
use twilio_sim::load::{LoadOptions, run_load};

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
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
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
    let report = run_load(options)
        .await
        .map(|report| serde_json::json!(report).to_string());
    match report {
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
