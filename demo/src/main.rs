//! A demo organization, so that a new installation has something to look at: a heating and
//! plumbing company in San Francisco with a month of conversations. All of its people and
//! numbers are made up (555-01xx numbers, `.example` addresses).
//!
//! It is no part of the server: the passwords of its people are public.

mod conversations;
mod services;
mod types;
mod utils;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use loquent::{
    bases::clock::Clock,
    cli::{Done, run_command, with_database},
};

use crate::services::{reset_demo_service, seed_demo_service};

/// Loquent's demo organization, in the database that the server's settings name.
#[derive(Debug, Parser)]
#[command(name = "demo")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the demo organization with numbers, contacts and messages, if it is not there; print
    /// its logins as JSON.
    Seed {
        /// Base URL of a Twilio simulator that gets the same numbers and history.
        #[arg(long)]
        simulator: Option<String>,
    },
    /// Remove the demo organization and everything in it.
    Reset,
}

fn main() -> ExitCode {
    run_command("demo", Cli::parse, async |cli| match cli.command {
        Command::Seed { simulator } => seed(simulator.as_deref()).await,
        Command::Reset => with_database(async |db, _| Ok(reset_demo_service(&db).await?)).await,
    })
}

async fn seed(simulator: Option<&str>) -> Done {
    with_database(async |db, config| {
        let seeded = seed_demo_service(&db, &config, simulator, &Clock::system()).await?;
        println!("{}", serde_json::to_string(&seeded)?);
        Ok(())
    })
    .await
}
