//! Private files.

use std::{
    fs::{self, DirBuilder, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::Path,
};

/// For a directory that only we enter.
pub const PRIVATE_DIRECTORY: u32 = 0o700;
/// For a file that only we read.
pub const PRIVATE_FILE: u32 = 0o600;

/// Makes a directory, and those above it, that only we enter. One that is there stays as it is.
pub fn create_private_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(PRIVATE_DIRECTORY)
        .create(path)
}

/// Restricts a directory that an earlier version left readable; that protects what is below it. It
/// may be somebody else's mount, so a failure is only logged.
pub fn make_directory_private(path: &Path) {
    let is_open = fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0);
    if !is_open {
        return;
    }
    if let Err(error) = fs::set_permissions(path, Permissions::from_mode(PRIVATE_DIRECTORY)) {
        tracing::warn!(%error, path = %path.display(), "other users of this machine may be able to read files");
    }
}
