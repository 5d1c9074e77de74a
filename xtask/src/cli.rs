//! The command line of `cargo xtask`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Loquent's automation.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
pub struct Cli {
    #[command(subcommand)]
    pub task: Task,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Install what is missing, build, and run Loquent with a demo organization until Ctrl-C
    Run(RunOptions),
    /// Empty the demo data
    Reset(ResetOptions),
    /// Format, dependencies, lints, unit, integration and browser tests, the package
    Test(TestOptions),
    /// Make what an operator installs: a release directory, a Debian package, an OCI image
    Package(PackageOptions),
    /// Texts from all sides while Twilio, the server and Postgres fail; in the end nothing is lost or
    /// doubled
    Chaos(ChaosOptions),
    /// Measure against the limits of this machine; all there is, unless told what
    Bench {
        #[command(subcommand)]
        what: Option<Bench>,
    },
}

/// Options of `cargo xtask run`.
#[derive(Debug, Args)]
pub struct RunOptions {
    /// Hot reload: serve with `dx` instead of the release bundle
    #[arg(long)]
    pub dev: bool,
    /// Port of the server
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Port of the Twilio simulator
    #[arg(long, default_value_t = 4010)]
    pub simulator_port: u16,
}

/// Options of `cargo xtask reset`.
#[derive(Debug, Args)]
pub struct ResetOptions {
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}

/// Options of `cargo xtask package`.
#[derive(Debug, Args)]
pub struct PackageOptions {
    /// Where to put it
    #[arg(long, default_value = "dist")]
    pub out: PathBuf,
}

/// Options of `cargo xtask test`.
#[derive(Debug, Args)]
pub struct TestOptions {
    /// Run only these groups
    #[arg(long, value_enum, value_delimiter = ',')]
    pub only: Vec<TestGroup>,
    /// Passed on to cargo's tests (`unit`, `it`) and to Playwright (`e2e`), as a filter that must
    /// find a test
    #[arg(last = true)]
    pub filter: Vec<String>,
}

/// Options of `cargo xtask chaos`.
#[derive(Clone, Copy, Debug, Args)]
pub struct ChaosOptions {
    /// About how long the texts go on; without it, the short form of `cargo xtask test`
    #[arg(long)]
    pub minutes: Option<u32>,
    /// Decides who texts whom when, and what goes wrong
    #[arg(long)]
    pub seed: Option<u64>,
}

/// A part of `cargo xtask test`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestGroup {
    /// rustfmt
    Fmt,
    /// cargo deny: licences, sources, duplicates and advisories of what we depend on; the
    /// simulator as a package
    Supply,
    /// clippy for server and browser, warnings denied
    Lint,
    /// unit, property and documentation tests
    Unit,
    /// integration tests: real server, real Postgres, the simulator
    It,
    /// Twilio's Node and Python libraries against the simulator, then Playwright on Chromium
    E2e,
    /// what `cargo xtask package` makes, installed in a fresh Debian root
    Package,
}

/// Messages of the history, unless told otherwise.
const SYNC_MESSAGES: u64 = 1_000_000;
/// Messages of the histories for parallel windows, unless told otherwise.
const SYNC_WINDOW_MESSAGES: u64 = 300_000;

/// Options of `cargo xtask bench sync`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Args)]
pub struct SyncBenchOptions {
    /// Messages of the history
    #[arg(long, default_value_t = SYNC_MESSAGES)]
    pub messages: u64,
    /// Messages of the histories that measure the gain of parallel windows
    #[arg(long, default_value_t = SYNC_WINDOW_MESSAGES)]
    pub window_messages: u64,
}

impl Default for SyncBenchOptions {
    fn default() -> Self {
        Self {
            messages: SYNC_MESSAGES,
            window_messages: SYNC_WINDOW_MESSAGES,
        }
    }
}

/// What to measure.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Bench {
    /// What a browser downloads on its first load
    Client,
    #[command(flatten)]
    Server(ServerBench),
    /// All of them, the import with its default sizes; the same as no name at all
    All,
}

/// What to measure of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum ServerBench {
    /// Events per second through the webhook, against pgbench's single-row inserts
    Ingest,
    /// A backlog of 100,000 stored events, and live texts meanwhile
    Backlog,
    /// Import of a history, against COPY of the same rows
    Sync(SyncBenchOptions),
}

impl ServerBench {
    /// The same as words of a command line.
    #[must_use]
    pub fn arguments(self) -> Vec<String> {
        match self {
            Self::Ingest => vec!["ingest".to_owned()],
            Self::Backlog => vec!["backlog".to_owned()],
            Self::Sync(options) => vec![
                "sync".to_owned(),
                format!("--messages={}", options.messages),
                format!("--window-messages={}", options.window_messages),
            ],
        }
    }
}
