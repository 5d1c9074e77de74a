//! Loquent's automation: `cargo xtask run`, `test`, `chaos`, `bench`,
//! `package`, `reset`.
//!
//! It needs only rustup and cargo; everything else it finds or installs, and
//! says so. Blocking, with no async runtime, on purpose: it is compiled before
//! everything else, so it must be small. What needs more is the crate `bench`,
//! which uses the modules that are public here.

pub mod base;
pub mod bundle;
pub mod cli;
mod commands;
pub mod database;
pub mod demo;
mod package;
pub mod setup;
mod testing;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::base::already_reported::AlreadyReported;
use crate::base::context::Context;
use crate::base::interrupt::Interrupted;
use crate::cli::{Cli, Task};

/// Does what the command line says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    exit_code(Context::discover().and_then(|context| match cli.task {
        Task::Run(options) => commands::run::run(&context, &options),
        Task::Reset(options) => commands::reset::reset(&context, &options),
        Task::Test(options) => commands::test::test(&context, &options),
        Task::Chaos(options) => commands::chaos::chaos(&context, options),
        Task::Package(options) => commands::package::package(&context, &options),
        Task::Bench { what } => commands::bench::bench(&context, what),
    }))
}

/// How a program ends, after it has said why.
pub fn exit_code(outcome: Result<()>) -> ExitCode {
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
