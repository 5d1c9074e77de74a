//! Which `cargo xtask run` uses the data directory now.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// A file with our process id, removed when we end.
#[derive(Debug)]
pub struct RunMark {
    path: PathBuf,
}

impl RunMark {
    /// Marks the data directory as in use.
    ///
    /// # Errors
    /// When another run uses it.
    pub fn set(data: &Path) -> Result<Self> {
        if let Some(pid) = running_in(data) {
            bail!("Loquent already runs from this checkout (process {pid}): stop that one first");
        }
        fs::create_dir_all(data).with_context(|| format!("cannot make {}", data.display()))?;
        let path = mark(data);
        fs::write(&path, std::process::id().to_string())
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { path })
    }
}

impl Drop for RunMark {
    fn drop(&mut self) {
        // The directory may have been removed meanwhile.
        let _ = fs::remove_file(&self.path);
    }
}

/// The process that uses the data directory: an xtask, or the database itself
/// when a server was started by hand or survived.
#[must_use]
pub fn running_in(data: &Path) -> Option<u32> {
    live_process(&mark(data), "xtask")
        .or_else(|| live_process(&data.join("postgres/postmaster.pid"), "postgres"))
}

fn mark(data: &Path) -> PathBuf {
    data.join("xtask-run.pid")
}

/// The process id on the first line of a file, if that process lives and has this name.
fn live_process(file: &Path, name: &str) -> Option<u32> {
    let pid: u32 = fs::read_to_string(file)
        .ok()?
        .lines()
        .next()?
        .trim()
        .parse()
        .ok()?;
    let running = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    (running.trim() == name).then_some(pid)
}
