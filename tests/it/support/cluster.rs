use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tempfile::TempDir;

use super::{Program, free_port, server_program};

/// A Postgres cluster of a test's own, which can be stopped and started again on the same port.
#[derive(Debug)]
pub struct Cluster {
    running: Option<Program>,
    port: u16,
    /// URL of the superuser's database.
    pub url: String,
    directory: TempDir,
}

impl Cluster {
    /// A new cluster, running.
    pub fn start() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        // The user that Postgres runs as when we are root has to pass through.
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o711))
            .expect("its mode can be set");
        let mut cluster = Self {
            running: None,
            port: free_port(),
            url: String::new(),
            directory,
        };
        cluster.start_again();
        cluster
    }

    /// Starts it after a stop, where it was.
    pub fn start_again(&mut self) {
        let mut command = Command::new(server_program());
        command
            .arg("postgres")
            .arg("--ephemeral")
            .args(["--port", &self.port.to_string()])
            .arg("--data-dir")
            .arg(self.directory.path().join("pg"))
            .env_remove("DATABASE_URL")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut program = Program::start(command);
        let stdout = program.take_stdout().expect("a pipe");
        self.url = BufReader::new(stdout)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("DATABASE_URL=").map(str::to_owned))
            .expect("the cluster starts");
        self.running = Some(program);
    }

    /// Where its data are; who owns them, runs it.
    pub fn data_dir(&self) -> PathBuf {
        self.directory.path().join("pg")
    }

    /// Stops it: every connection is cut.
    pub async fn stop(&mut self) {
        let mut program = self.running.take().expect("it runs");
        program.signal(Signal::TERM);
        program.ended().await;
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.running = None;
        kill_postmaster(&self.directory.path().join("pg"));
    }
}

/// Ends a cluster whose keeper was killed: its first process, whose id is in its lock file.
pub fn kill_postmaster(data: &std::path::Path) {
    let lock = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let pid = lock
        .lines()
        .next()
        .and_then(|line| line.trim().parse().ok());
    let Some(pid) = pid.and_then(Pid::from_raw) else {
        return;
    };
    // SIGQUIT is Postgres' immediate shutdown.
    if kill_process(pid, Signal::QUIT).is_err() {
        // It has ended by itself.
        return;
    }
    for _ in 0..200 {
        if test_kill_process(pid).is_err() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
