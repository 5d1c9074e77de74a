//! Finding programs.

use std::env;
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The first executable of this name on `PATH`.
#[must_use]
pub fn find_on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|directory| directory.join(program))
        .find(|candidate| is_executable(candidate))
}

/// `PATH` with these directories first.
///
/// # Errors
/// When a directory's name cannot stand in `PATH`.
pub fn path_starting_with<'a>(directories: impl IntoIterator<Item = &'a Path>) -> Result<OsString> {
    let rest = env::var_os("PATH").unwrap_or_default();
    let first = directories.into_iter().map(Path::to_path_buf);
    env::join_paths(first.chain(env::split_paths(&rest))).context("a strange PATH")
}

/// Whether it is a file that may be run.
#[must_use]
pub fn is_executable(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
