//! Commands that run until they are stopped.

use std::{error::Error, io::Write, path::PathBuf};

use clap::Args;
use secrecy::ExposeSecret;
use tokio::{
    io::AsyncReadExt,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

use crate::{
    bases::config::Config,
    server::{
        self,
        embedded_postgres::{Durability, EmbeddedPostgres},
    },
};

/// What `loquent postgres` takes.
#[derive(Debug, Args)]
pub(super) struct PostgresArgs {
    /// Where the cluster lives.
    #[arg(long, default_value = "data/postgres")]
    pub data_dir: PathBuf,
    /// For tests: fast, and lost in a crash of the machine.
    #[arg(long)]
    pub ephemeral: bool,
    /// TCP port on loopback; any free one unless given.
    #[arg(long)]
    pub port: Option<u16>,
}

/// `loquent serve`: until SIGTERM or Ctrl-C.
pub async fn serve() -> Result<(), Box<dyn Error>> {
    let config = Config::from_env()?;
    let address = dioxus::cli_config::fullstack_address_or_localhost();
    let shutdown = CancellationToken::new();
    let on_signal = shutdown.clone();
    let stop = stop_signal()?;
    tokio::spawn(async move {
        stop.await;
        on_signal.cancel();
    });
    server::run(config, address, shutdown).await?;
    Ok(())
}

/// `loquent postgres`: until SIGTERM, Ctrl-C, or the end of standard input, so that it does not
/// outlive the program that started it.
pub async fn postgres(args: PostgresArgs) -> Result<(), Box<dyn Error>> {
    let durability = if args.ephemeral {
        Durability::Ephemeral
    } else {
        Durability::Durable
    };
    let stop = stop_signal()?;
    let cluster = EmbeddedPostgres::start_on(&args.data_dir, durability, args.port).await?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "DATABASE_URL={}", cluster.url().expose_secret())?;
    stdout.flush()?;
    tokio::select! {
        () = stop => {}
        () = end_of_input() => {}
    }
    cluster.stop().await;
    Ok(())
}

fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

async fn end_of_input() {
    let mut input = tokio::io::stdin();
    let mut buffer = [0; 64];
    while !matches!(input.read(&mut buffer).await, Ok(0) | Err(_)) {}
}
