use std::{
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use tokio::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::AsyncWriteExt,
};
use uuid::Uuid;

use crate::bases::private_files::{PRIVATE_DIRECTORY, PRIVATE_FILE, make_directory_private};

/// A file older than this was left by a process that was killed.
const LEFT_AFTER: Duration = Duration::from_secs(60 * 60);
/// Unfinished files, under names of their own.
const PARTS: &str = "parts";

/// Files in a directory.
#[derive(Debug, Clone)]
pub struct FileStore {
    directory: PathBuf,
}

/// A file that is being written; dropped before [`FilePart::finish`], it is removed.
#[derive(Debug)]
pub(super) struct FilePart {
    file: File,
    part: PathBuf,
    place: PathBuf,
    is_finished: bool,
}

impl FileStore {
    /// A store of files in a directory, which is made when it is needed.
    pub fn in_directory(directory: PathBuf) -> Self {
        Self { directory }
    }

    pub(super) async fn begin(&self, key: &str) -> io::Result<FilePart> {
        let place = self.path(key);
        let part = self.directory.join(PARTS).join(Uuid::now_v7().to_string());
        for path in [&place, &part] {
            if let Some(directory) = path.parent() {
                let mut builder = DirBuilder::new();
                builder.recursive(true).mode(PRIVATE_DIRECTORY);
                builder.create(directory).await?;
            }
        }
        Ok(FilePart {
            file: OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(PRIVATE_FILE)
                .open(&part)
                .await?,
            part,
            place,
            is_finished: false,
        })
    }

    pub(super) fn path(&self, key: &str) -> PathBuf {
        self.directory.join(Path::new(key))
    }

    /// Removes leftovers of killed processes, and restricts what an earlier version left readable.
    pub(super) async fn remove_leftovers(&self) -> io::Result<()> {
        make_directory_private(&self.directory);
        let mut parts = match fs::read_dir(self.directory.join(PARTS)).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            parts => parts?,
        };
        let now = SystemTime::now();
        while let Some(part) = parts.next_entry().await? {
            let changed = part.metadata().await?.modified()?;
            if now.duration_since(changed).unwrap_or_default() > LEFT_AFTER {
                fs::remove_file(part.path()).await?;
            }
        }
        Ok(())
    }
}

impl FilePart {
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await
    }

    /// Makes it readable under its key; it is on disk then.
    pub(super) async fn finish(mut self) -> io::Result<()> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        fs::rename(&self.part, &self.place).await?;
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for FilePart {
    fn drop(&mut self) {
        if self.is_finished {
            return;
        }
        if let Err(error) = std::fs::remove_file(&self.part) {
            tracing::warn!(%error, "a part of a file could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_else_reads_a_file_also_where_a_version_of_before_left_the_way_open() {
        use std::{fs, os::unix::fs::PermissionsExt};

        let mode = |path: &Path| {
            fs::metadata(path)
                .expect("it is there")
                .permissions()
                .mode()
        };
        let directory = std::env::temp_dir().join(format!("media-{}", Uuid::now_v7()));
        fs::create_dir(&directory).expect("a directory");
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).expect("its mode");
        let store = FileStore::in_directory(directory.clone());
        store.remove_leftovers().await.expect("nothing is there");
        let mut part = store.begin("one/two").await.expect("a part");
        part.write(b"bytes").await.expect("it is written");
        part.finish().await.expect("it is kept");
        for (path, wanted) in [
            ("", 0o700),
            ("parts", 0o700),
            ("one", 0o700),
            ("one/two", 0o600),
        ] {
            assert_eq!(mode(&directory.join(path)) & 0o777, wanted, "{path:?}");
        }
        fs::remove_dir_all(directory).expect("it goes");
    }

    #[tokio::test]
    async fn only_old_parts_are_removed() {
        let directory = std::env::temp_dir().join(format!("media-{}", Uuid::now_v7()));
        let store = FileStore::in_directory(directory.clone());
        store.remove_leftovers().await.expect("nothing is there");
        let parts = directory.join(PARTS);
        std::fs::create_dir_all(&parts).expect("a directory");
        for (name, age) in [("old", LEFT_AFTER * 2), ("new", LEFT_AFTER / 2)] {
            let file = std::fs::File::create(parts.join(name)).expect("a file");
            file.set_modified(SystemTime::now() - age).expect("a time");
        }
        store.remove_leftovers().await.expect("it goes");
        assert!(!parts.join("old").exists());
        assert!(parts.join("new").exists());
        std::fs::remove_dir_all(directory).expect("it goes");
    }
}
