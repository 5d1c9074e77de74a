use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use secrecy::SecretString;
use tokio::process::Child;

use super::{
    error::{EmbeddedPostgresError, Result, START_TIMEOUT, command_failed, io_error},
    place::{Owner, find_owner, place_cluster},
    programs::{
        Durability, HOST, SUPERUSER, as_owner, find_binaries, init_cluster, run, spawn_postgres,
    },
};

/// A cluster that takes longer than this for a fast shutdown is killed by its owner.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);

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

impl EmbeddedPostgres {
    /// Starts the cluster in `dir`, making it on first use, or joins it if it runs already.
    pub async fn start(dir: &Path, durability: Durability) -> Result<Self> {
        Self::start_on(dir, durability, None).await
    }

    /// The same on a given port, for callers that must find the cluster again after a restart;
    /// without one, on any free port. A cluster that runs already keeps the port that it has.
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
            tracing::info!(data = %data.display(), port, "using the running Postgres cluster");
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

    /// Runs one statement in the maintenance database; true if it returned a row.
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
