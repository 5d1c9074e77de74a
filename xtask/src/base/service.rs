//! A long-lived child: the server, the simulator, a database.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rustix::process::{Pid, Signal, kill_process};

/// A server drains requests and stops its database in this time.
const STOP_GRACE: Duration = Duration::from_secs(20);
const TICK: Duration = Duration::from_millis(50);

/// A running child with a log file. Dropping it stops the child.
#[derive(Debug)]
pub struct Service {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Service {
    /// Starts a program in a process group of its own, so that Ctrl-C in the
    /// terminal reaches only xtask, which then stops everything in order. Its
    /// standard input stays open until it is stopped: a program that watches
    /// it notices when xtask is killed.
    ///
    /// # Errors
    /// When the log cannot be written or the program does not start.
    pub fn start(name: &'static str, command: &mut Command, log: &Path) -> Result<Self> {
        if let Some(directory) = log.parent() {
            fs::create_dir_all(directory)
                .with_context(|| format!("cannot make {}", directory.display()))?;
        }
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = command
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("{name} did not start"))?;
        Ok(Self {
            name,
            child,
            log: log.to_path_buf(),
        })
    }

    /// What it is, for people.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    pub fn exited(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// What it has written so far.
    #[must_use]
    pub fn log_text(&self) -> String {
        fs::read(&self.log)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// The last lines that it wrote, indented, and where the rest is.
    #[must_use]
    pub fn log_tail(&self, lines: usize) -> String {
        let text = self.log_text();
        let all: Vec<_> = text.lines().collect();
        let tail = &all[all.len().saturating_sub(lines)..];
        let mut shown: String = tail.iter().map(|line| format!("  | {line}\n")).collect();
        shown.push_str(&format!("  (all of it: {})", self.log.display()));
        shown
    }

    /// Asks it to stop, and ends it after a grace time.
    pub fn stop(&mut self) {
        if self.exited().is_some() {
            return;
        }
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // It may end between the look and the signal: then there is nothing to do.
            let _ = kill_process(pid, Signal::TERM);
        }
        drop(self.child.stdin.take());
        let deadline = Instant::now() + STOP_GRACE;
        while Instant::now() < deadline {
            if self.exited().is_some() {
                return;
            }
            thread::sleep(TICK);
        }
        eprintln!(
            "{} did not stop within {} s: ending it",
            self.name,
            STOP_GRACE.as_secs()
        );
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}
