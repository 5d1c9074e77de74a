//! A directory laid out as the files will be on the operator's machine.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::bundle::file_tree::files_below;

/// For everybody to read.
pub const READABLE: u32 = 0o644;
/// For everybody to run, or to enter.
pub const EXECUTABLE: u32 = 0o755;

/// Files under a root. All rights are set, whatever this process' umask.
#[derive(Debug)]
pub struct Tree {
    pub root: PathBuf,
}

impl Tree {
    /// An empty tree, in place of what is there.
    ///
    /// # Errors
    /// When the directory cannot be replaced.
    pub fn replace(root: PathBuf) -> Result<Self> {
        if root.exists() {
            fs::remove_dir_all(&root)
                .with_context(|| format!("cannot remove {}", root.display()))?;
        }
        fs::create_dir_all(&root).with_context(|| format!("cannot make {}", root.display()))?;
        fs::set_permissions(&root, Permissions::from_mode(EXECUTABLE))?;
        Ok(Self { root })
    }

    /// Writes a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &str, mode: u32, contents: &str) -> Result<()> {
        let target = self.make_parents(path)?;
        fs::write(&target, contents).with_context(|| target.display().to_string())?;
        fs::set_permissions(&target, Permissions::from_mode(mode)).context("cannot set rights")
    }

    /// Copies a file; of a link, what it leads to.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn copy(&self, source: &Path, path: &str, mode: u32) -> Result<()> {
        let target = self.make_parents(path)?;
        fs::copy(source, &target).with_context(|| source.display().to_string())?;
        fs::set_permissions(&target, Permissions::from_mode(mode)).context("cannot set rights")
    }

    /// Copies all files below a directory, for everybody to read.
    ///
    /// # Errors
    /// When one cannot be read or written.
    pub fn copy_below(&self, source: &Path, path: &str) -> Result<()> {
        for file in files_below(source)? {
            let relative = file.strip_prefix(source)?;
            let relative = relative.to_str().context("a strange file name")?;
            self.copy(&file, &format!("{path}/{relative}"), READABLE)?;
        }
        Ok(())
    }

    /// Makes a directory.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn directory(&self, path: &str, mode: u32) -> Result<()> {
        self.make_parents(&format!("{path}/file"))?;
        fs::set_permissions(self.root.join(path), Permissions::from_mode(mode))
            .context("cannot set rights")
    }

    /// The bytes of all files.
    ///
    /// # Errors
    /// When one cannot be looked at.
    pub fn size(&self) -> Result<u64> {
        let files = files_below(&self.root)?;
        files.iter().map(|file| Ok(file.metadata()?.len())).sum()
    }

    fn make_parents(&self, path: &str) -> Result<PathBuf> {
        let target = self.root.join(path);
        let mut made = Vec::new();
        for parent in target.ancestors().skip(1) {
            if parent.is_dir() {
                break;
            }
            made.push(parent.to_path_buf());
        }
        for directory in made.iter().rev() {
            fs::create_dir(directory).with_context(|| directory.display().to_string())?;
            fs::set_permissions(directory, Permissions::from_mode(EXECUTABLE))?;
        }
        Ok(target)
    }
}
