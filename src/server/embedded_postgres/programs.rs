use std::{
    env, fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::process::{Child, Command};

use super::{
    error::{EmbeddedPostgresError, Result, io_error},
    place::Owner,
};

/// The one superuser of the cluster; only this machine's loopback reaches it.
pub const SUPERUSER: &str = "loquent";
/// Linux' highest path length for a Unix socket is 108; the cluster uses loopback TCP instead.
pub const HOST: &str = "127.0.0.1";

/// How much a cluster's data is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Everything committed survives a crash.
    Durable,
    /// For tests: fast, and lost in a crash of the machine.
    Ephemeral,
}

/// `LOQUENT_POSTGRES_BIN`, else Debian's newest, else what PATH has.
pub fn find_binaries() -> Result<PathBuf> {
    let mut candidates = Vec::from_iter(env::var_os("LOQUENT_POSTGRES_BIN").map(PathBuf::from));
    let mut debian: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    debian.sort_by_key(|path| version_of(path));
    candidates.extend(debian.into_iter().rev());
    candidates.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    candidates
        .into_iter()
        .find(|dir| {
            ["initdb", "postgres", "pg_ctl"]
                .iter()
                .all(|program| dir.join(program).is_file())
        })
        .ok_or(EmbeddedPostgresError::NoBinaries)
}

fn version_of(bin: &Path) -> u32 {
    let version = bin
        .parent()
        .and_then(Path::file_name)
        .and_then(|name| name.to_str());
    version.and_then(|name| name.parse().ok()).unwrap_or(0)
}

pub async fn init_cluster(bin: &Path, data: &Path, owner: Option<Owner>) -> Result<()> {
    tracing::info!(data = %data.display(), "creating a Postgres cluster");
    let mut command = as_owner(&bin.join("initdb"), owner);
    // Only loopback is listened on, where every local user could connect; `trust` fits a
    // developer's machine. Operators with shared machines set DATABASE_URL.
    command
        .args([
            "--username",
            SUPERUSER,
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--locale",
            "C",
            "--pgdata",
        ])
        .arg(data);
    run("initdb", command).await
}

pub fn spawn_postgres(
    bin: &Path,
    data: &Path,
    owner: Option<Owner>,
    port: u16,
    durability: Durability,
) -> Result<Child> {
    let log = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(data.join("server.log"))
        .map_err(|source| io_error("opening Postgres' log", source))?;
    let mut command = as_owner(&bin.join("postgres"), owner);
    command
        .arg("-D")
        .arg(data)
        .args(["-p", &port.to_string(), "-h", HOST, "-k", ""]);
    command.args([
        "-c",
        "max_connections=200",
        "-c",
        "shared_buffers=256MB",
        "-c",
        "jit=off",
    ]);
    command.args(["-c", "max_wal_size=2GB", "-c", "log_min_messages=warning"]);
    if durability == Durability::Ephemeral {
        command.args([
            "-c",
            "fsync=off",
            "-c",
            "full_page_writes=off",
            "-c",
            "synchronous_commit=off",
        ]);
    }
    // A process group of its own: Ctrl-C goes to us, and we stop Postgres last.
    command.process_group(0);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .map_err(|source| io_error("starting postgres", source))
}

pub fn as_owner(program: &Path, owner: Option<Owner>) -> Command {
    let mut command = std::process::Command::new(program);
    if let Some(owner) = owner {
        command.uid(owner.uid).gid(owner.gid).current_dir("/");
    }
    command.into()
}

pub async fn run(what: &'static str, mut command: Command) -> Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .await
        .map_err(|source| io_error(&format!("starting {what}"), source))?;
    if output.status.success() {
        return Ok(());
    }
    let detail = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(EmbeddedPostgresError::Command { what, detail })
}
