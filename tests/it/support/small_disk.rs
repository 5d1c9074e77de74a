use std::{
    fs::{self, File, Permissions},
    io::Write,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// A file system of a few megabytes, which can be filled. It needs the right to mount.
#[derive(Debug)]
pub struct SmallDisk {
    directory: TempDir,
}

const SIZE: &str = "size=32m";
/// How much is written at a time.
const BLOCK: usize = 64 * 1024;

impl SmallDisk {
    /// A new one, with a directory for the user who owns `like`; `None` where nothing may be
    /// mounted.
    pub fn mount(like: &Path) -> Option<Self> {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", SIZE, "tmpfs"])
            .arg(directory.path())
            .output();
        if !mounted.is_ok_and(|output| output.status.success()) {
            return None;
        }
        let disk = Self { directory };
        let owner = fs::metadata(like).expect("the owner's directory");
        fs::set_permissions(disk.directory.path(), Permissions::from_mode(0o711))
            .expect("its mode can be set");
        fs::create_dir(disk.path()).expect("a directory");
        chown(disk.path(), Some(owner.uid()), Some(owner.gid())).expect("its owner can be set");
        Some(disk)
    }

    /// The directory.
    pub fn path(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// Leaves no room on it.
    pub fn fill(&self) {
        let mut ballast = File::create(self.ballast()).expect("a file");
        let block = vec![1; BLOCK];
        while ballast.write_all(&block).is_ok() {}
        while ballast.write_all(&[1]).is_ok() {}
    }

    /// Makes room again.
    pub fn free(&self) {
        fs::remove_file(self.ballast()).expect("it was full");
    }

    fn ballast(&self) -> PathBuf {
        self.directory.path().join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Whoever still has a file open there closes it later.
        drop(
            Command::new("umount")
                .arg("--lazy")
                .arg(self.directory.path())
                .output(),
        );
    }
}
