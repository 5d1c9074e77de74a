//! A Postgres cluster of our own, for machines that bring none.

use std::{
    env, fs, io,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use secrecy::SecretString;
use tokio::process::{Child, Command};

use super::private_files::create_private_directory;

/// A cluster that takes longer than this to answer after a start is broken.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// A cluster that takes longer than this for a fast shutdown is killed by its owner.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);
/// The one superuser of the cluster; only this machine's loopback reaches it.
const SUPERUSER: &str = "loquent";
/// Linux' highest path length for a Unix socket is 108; the cluster uses loopback TCP instead.
const HOST: &str = "127.0.0.1";

/// How much a cluster's data is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Everything committed survives a crash.
    Durable,
    /// For tests: fast, and lost in a crash of the machine.
    Ephemeral,
}

/// A running cluster. It is stopped by [`EmbeddedPostgres::stop`]; one that a killed server left
/// running is found and used again.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    data: PathBuf,
    bin: PathBuf,
    owner: Option<Owner>,
    port: u16,
    /// Absent if the cluster was running already.
    child: Option<Child>,
}

/// Whom the cluster runs as where we are root, which Postgres refuses.
#[derive(Debug, Clone, Copy)]
struct Owner {
    uid: u32,
    gid: u32,
}

/// The cluster could not be had.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedPostgresError {
    #[error(
        "no Postgres programs (initdb, postgres) were found. Install them (Debian: apt-get install \
         postgresql), or set LOQUENT_POSTGRES_BIN to their directory, or DATABASE_URL to a server"
    )]
    NoBinaries,
    #[error("{what} failed: {detail}")]
    Command { what: &'static str, detail: String },
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    #[error("Postgres did not answer within {} s; its log is {log}", START_TIMEOUT.as_secs())]
    Timeout { log: String },
    #[error("no unprivileged user (postgres, nobody) exists to run Postgres as")]
    NoUser,
}

type Result<T> = std::result::Result<T, EmbeddedPostgresError>;

impl EmbeddedPostgres {
    /// Starts the cluster in `dir`, making it on first use, or joins it if it runs already.
    pub async fn start(dir: &Path, durability: Durability) -> Result<Self> {
        Self::start_on(dir, durability, None).await
    }

    /// The same on a given port, for whoever has to find the cluster again after a restart; any
    /// free one without. A cluster that runs already keeps the port that it has.
    pub async fn start_on(dir: &Path, durability: Durability, port: Option<u16>) -> Result<Self> {
        let bin = find_binaries()?;
        let owner = find_owner()?;
        let data = place_cluster(dir, owner)?;
        if !data.join("PG_VERSION").exists() {
            init_cluster(&bin, &data, owner).await?;
        }
        if let Some(port) = running_port(&data)
            && accepts(port).await
        {
            tracing::info!(data = %data.display(), port, "using the Postgres cluster that runs already");
            return Ok(Self {
                data,
                bin,
                owner,
                port,
                child: None,
            });
        }
        let port = port.map_or_else(free_port, Ok)?;
        let child = spawn_postgres(&bin, &data, owner, port, durability)?;
        let mut cluster = Self {
            data,
            bin,
            owner,
            port,
            child: Some(child),
        };
        cluster.wait_until_ready().await?;
        cluster.create_database().await?;
        tracing::info!(data = %cluster.data.display(), port, "Postgres cluster started");
        Ok(cluster)
    }

    /// The address of the cluster's database.
    pub fn url(&self) -> SecretString {
        format!("postgres://{SUPERUSER}@{HOST}:{}/{SUPERUSER}", self.port).into()
    }

    /// Stops the cluster if [`EmbeddedPostgres::start`] started it, and leaves one alone that ran
    /// before.
    pub async fn stop_if_started_here(self) {
        if self.child.is_some() {
            self.stop().await;
        }
    }

    /// Stops the cluster: open connections are closed, nothing committed is lost.
    pub async fn stop(mut self) {
        let mut command = as_owner(&self.bin.join("pg_ctl"), self.owner);
        command
            .args(["stop", "--mode=fast", "--wait", "--timeout"])
            .arg(STOP_TIMEOUT.as_secs().to_string())
            .arg("--pgdata")
            .arg(&self.data);
        if let Err(error) = run("pg_ctl stop", command).await {
            tracing::warn!(%error, "Postgres could not be asked to stop");
        }
        if let Some(child) = &mut self.child
            && tokio::time::timeout(STOP_TIMEOUT, child.wait())
                .await
                .is_err()
        {
            tracing::warn!("Postgres did not stop in time");
        }
    }

    async fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = tokio::time::Instant::now() + START_TIMEOUT;
        loop {
            if accepts(self.port).await && self.query("SELECT 1").await.is_ok() {
                return Ok(());
            }
            let exited = self
                .child
                .as_mut()
                .and_then(|child| child.try_wait().ok().flatten())
                .is_some();
            if exited || tokio::time::Instant::now() > deadline {
                return Err(EmbeddedPostgresError::Timeout {
                    log: self.data.join("server.log").display().to_string(),
                });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn create_database(&self) -> Result<()> {
        let exists = self
            .query(&format!(
                "SELECT 1 FROM pg_database WHERE datname = '{SUPERUSER}'"
            ))
            .await
            .map_err(|error| command_failed("looking for the database", &error))?;
        if !exists {
            self.query(&format!("CREATE DATABASE {SUPERUSER}"))
                .await
                .map_err(|error| command_failed("CREATE DATABASE", &error))?;
        }
        Ok(())
    }

    /// Runs one statement in the maintenance database; true if it gave a row.
    async fn query(&self, sql: &str) -> std::result::Result<bool, sqlx::Error> {
        use sqlx::{Connection, Executor};

        let url = format!("postgres://{SUPERUSER}@{HOST}:{}/postgres", self.port);
        let mut connection = sqlx::PgConnection::connect(&url).await?;
        let row = connection
            .fetch_optional(sqlx::AssertSqlSafe(sql.to_owned()))
            .await?;
        connection.close().await?;
        Ok(row.is_some())
    }
}

fn command_failed(what: &'static str, error: &dyn std::error::Error) -> EmbeddedPostgresError {
    EmbeddedPostgresError::Command {
        what,
        detail: error.to_string(),
    }
}

/// `LOQUENT_POSTGRES_BIN`, else Debian's newest, else what PATH has.
fn find_binaries() -> Result<PathBuf> {
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

/// Root may not run Postgres: Debian's own user does it, else `nobody`.
fn find_owner() -> Result<Option<Owner>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd")
        .map_err(|source| io_error("reading /etc/passwd", source))?;
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| {
            let line = passwd
                .lines()
                .find(|line| line.split(':').next() == Some(name))?;
            let mut fields = line.split(':').skip(2);
            Some(Owner {
                uid: fields.next()?.parse().ok()?,
                gid: fields.next()?.parse().ok()?,
            })
        })
        .map(Some)
        .ok_or(EmbeddedPostgresError::NoUser)
}

/// The cluster's directory, made for its owner. Where the owner cannot reach `dir` (a checkout in
/// a private home), the cluster lives under `/var/lib/loquent` and `dir` is a link to it.
fn place_cluster(dir: &Path, owner: Option<Owner>) -> Result<PathBuf> {
    let failed = |what: &str| {
        let what = format!("{what} {}", dir.display());
        move |source| io_error(&what, source)
    };
    let dir = std::path::absolute(dir).map_err(failed("resolving"))?;
    if let Some(parent) = dir.parent()
        && !parent.exists()
    {
        create_private_directory(parent).map_err(failed("creating the parent of"))?;
        if owner.is_some() {
            // The cluster's owner passes through, and sees nothing of what is there.
            fs::set_permissions(parent, fs::Permissions::from_mode(0o711))
                .map_err(failed("opening the parent of"))?;
        }
    }
    let Some(owner) = owner else {
        fs::create_dir_all(&dir).map_err(failed("creating"))?;
        return make_private(dir, None);
    };
    if dir.is_symlink()
        || dir
            .parent()
            .is_some_and(|parent| is_reachable(parent, owner))
    {
        fs::create_dir_all(&dir).map_err(failed("creating"))?;
        let dir = dir.canonicalize().map_err(failed("resolving"))?;
        return make_private(dir, Some(owner));
    }
    let name = hex::encode(
        &<sha2::Sha256 as sha2::Digest>::digest(dir.as_os_str().as_encoded_bytes())[..8],
    );
    let elsewhere = Path::new("/var/lib/loquent").join(format!("postgres-{name}"));
    fs::create_dir_all(&elsewhere).map_err(failed("creating the cluster for"))?;
    std::os::unix::fs::symlink(&elsewhere, &dir).map_err(failed("linking"))?;
    make_private(elsewhere, Some(owner))
}

fn make_private(dir: PathBuf, owner: Option<Owner>) -> Result<PathBuf> {
    let failed = |source| io_error(&format!("securing {}", dir.display()), source);
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).map_err(failed)?;
    if let Some(owner) = owner {
        chown(&dir, Some(owner.uid), Some(owner.gid)).map_err(failed)?;
    }
    Ok(dir)
}

/// Whether every directory above may be passed through by the owner.
fn is_reachable(dir: &Path, owner: Owner) -> bool {
    dir.ancestors().all(|dir| {
        fs::metadata(dir).is_ok_and(|meta| {
            let needed = match (meta.uid() == owner.uid, meta.gid() == owner.gid) {
                (true, _) => 0o100,
                (false, true) => 0o010,
                (false, false) => 0o001,
            };
            meta.mode() & needed != 0
        })
    })
}

async fn init_cluster(bin: &Path, data: &Path, owner: Option<Owner>) -> Result<()> {
    tracing::info!(data = %data.display(), "making a Postgres cluster");
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

fn spawn_postgres(
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
    // A group of its own: Ctrl-C in the terminal is for us, and we stop Postgres last.
    command.process_group(0);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .map_err(|source| io_error("starting postgres", source))
}

fn as_owner(program: &Path, owner: Option<Owner>) -> Command {
    let mut command = std::process::Command::new(program);
    if let Some(owner) = owner {
        command.uid(owner.uid).gid(owner.gid).current_dir("/");
    }
    command.into()
}

async fn run(what: &'static str, mut command: Command) -> Result<()> {
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

/// The port of a cluster that runs, from the fourth line of its lock file.
fn running_port(data: &Path) -> Option<u16> {
    let lock = fs::read_to_string(data.join("postmaster.pid")).ok()?;
    let pid: i32 = lock.lines().next()?.trim().parse().ok()?;
    let runs = Path::new("/proc").join(pid.to_string()).exists();
    runs.then(|| lock.lines().nth(3)?.trim().parse().ok())
        .flatten()
}

async fn accepts(port: u16) -> bool {
    tokio::net::TcpStream::connect((HOST, port)).await.is_ok()
}

fn free_port() -> Result<u16> {
    std::net::TcpListener::bind((HOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|source| io_error("finding a free port", source))
}

fn io_error(what: &str, source: io::Error) -> EmbeddedPostgresError {
    EmbeddedPostgresError::Io {
        what: what.to_owned(),
        source,
    }
}
