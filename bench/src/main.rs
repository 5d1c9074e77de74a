//! Measurements of Loquent against the limits of the machine. `cargo xtask bench` builds this
//! program with the server and the simulator, and becomes it.

mod backlog;
mod bars;
mod block_on;
mod database;
mod ingest;
mod load;
mod peak_memory;
mod pgbench;
mod processor_time;
mod server_under_test;
mod sync;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use xtask::base::context::Context;
use xtask::cli::{ServerBench, SyncBenchOptions};

/// Measures the server that was built last. `cargo xtask bench` builds it first.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    /// All of them, unless told which
    #[command(subcommand)]
    what: Option<ServerBench>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    xtask::exit_code(Context::discover().and_then(|context| bench(&context, cli.what)))
}

fn bench(context: &Context, what: Option<ServerBench>) -> Result<()> {
    match what {
        Some(ServerBench::Ingest) => ingest::bench_ingest(context),
        Some(ServerBench::Backlog) => backlog::bench_backlog(context),
        Some(ServerBench::Sync(options)) => sync::bench_sync(context, options),
        None => {
            ingest::bench_ingest(context)?;
            backlog::bench_backlog(context)?;
            sync::bench_sync(context, SyncBenchOptions::default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xtask_was_told_arrives_here() {
        let sync = SyncBenchOptions {
            messages: 7,
            window_messages: 3,
        };
        for what in [
            ServerBench::Ingest,
            ServerBench::Backlog,
            ServerBench::Sync(sync),
        ] {
            let arguments = ["bench".to_owned()].into_iter().chain(what.arguments());
            let parsed = Cli::try_parse_from(arguments).expect("arguments of our own");
            assert_eq!(parsed.what, Some(what));
        }
        let parsed = Cli::try_parse_from(["bench"]).expect("no arguments");
        assert_eq!(parsed.what, None);
    }
}
