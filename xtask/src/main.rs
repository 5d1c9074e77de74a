//! Loquent's automation: `cargo xtask run`, `test`, `chaos`, `bench`,
//! `reset`.
//!
//! It needs only rustup and cargo; everything else it finds or installs, and
//! says so. Blocking, with no async runtime, on purpose: it is compiled before
//! everything else, so it must be small.

mod base;
mod bench;
mod bundle;
mod cli;
mod commands;
mod database;
mod demo;
mod setup;
mod testing;

use std::process::ExitCode;

use clap::Parser;

use crate::base::already_reported::AlreadyReported;
use crate::base::context::Context;
use crate::base::interrupt::Interrupted;
use crate::cli::{Bench, Cli, SyncBenchOptions, Task};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = Context::discover().and_then(|context| match cli.task {
        Task::Run(options) => commands::run::run(&context, &options),
        Task::Reset(options) => commands::reset::reset(&context, &options),
        Task::Test(options) => commands::test::test(&context, &options),
        Task::Chaos(options) => commands::chaos::chaos(&context, options),
        Task::Bench { what } => match what.unwrap_or(Bench::All) {
            Bench::Ingest => commands::bench_ingest::bench_ingest(&context),
            Bench::Backlog => commands::bench_backlog::bench_backlog(&context),
            Bench::Sync(options) => commands::bench_sync::bench_sync(&context, options),
            Bench::Client => commands::bench_client::bench_client(&context),
            Bench::All => commands::bench_client::bench_client(&context)
                .and_then(|()| commands::bench_ingest::bench_ingest(&context))
                .and_then(|()| commands::bench_backlog::bench_backlog(&context))
                .and_then(|()| {
                    commands::bench_sync::bench_sync(&context, SyncBenchOptions::default())
                }),
        },
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<Interrupted>() => {
            eprintln!("\nInterrupted.");
            ExitCode::from(130)
        }
        Err(error) if error.is::<AlreadyReported>() => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
