//! Where the bytes of files are kept.

use std::{
    io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use tokio::{
    fs::{self, File},
    io::AsyncWriteExt,
};
use uuid::Uuid;

/// Where the bytes of files are kept: files below the data directory.
#[derive(Debug, Clone)]
pub struct MediaStore {
    directory: PathBuf,
}

/// A file on its way into the store; dropped before [`MediaWriter::finish`], it leaves nothing
/// that could be read.
#[derive(Debug)]
pub struct MediaWriter {
    file: File,
    part: PathBuf,
    place: PathBuf,
    hash: Sha256,
    bytes: u64,
}

/// What was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMedia {
    pub bytes: u64,
    /// In hexadecimal digits.
    pub sha256: String,
}

impl MediaStore {
    /// A store of files in a directory, which is made when it is needed.
    pub fn in_directory(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// Begins a file. A key is ids with slashes between them; writing it again replaces it.
    pub async fn begin(&self, key: &str) -> io::Result<MediaWriter> {
        let place = self.place(key)?;
        let part = self
            .directory
            .join("parts")
            .join(Uuid::now_v7().to_string());
        for path in [&place, &part] {
            if let Some(directory) = path.parent() {
                fs::create_dir_all(directory).await?;
            }
        }
        Ok(MediaWriter {
            file: File::create_new(&part).await?,
            part,
            place,
            hash: Sha256::new(),
            bytes: 0,
        })
    }

    /// Opens a file for reading.
    pub async fn open(&self, key: &str) -> io::Result<File> {
        File::open(self.place(key)?).await
    }

    /// The path of a key. Keys come from the database; all the same none may lead elsewhere.
    fn place(&self, key: &str) -> io::Result<PathBuf> {
        let is_safe = !key.is_empty()
            && key.split('/').all(|part| {
                !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            });
        if is_safe {
            Ok(self.directory.join(Path::new(key)))
        } else {
            Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "not a key of the media store",
            ))
        }
    }
}

impl MediaWriter {
    /// Appends a part of the file.
    pub async fn write(&mut self, part: &[u8]) -> io::Result<()> {
        self.hash.update(part);
        self.bytes += part.len() as u64;
        self.file.write_all(part).await
    }

    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Makes the file readable under its key; it is on disk then.
    pub async fn finish(mut self) -> io::Result<StoredMedia> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        fs::rename(&self.part, &self.place).await?;
        Ok(StoredMedia {
            bytes: self.bytes,
            sha256: hex::encode(self.hash.finalize()),
        })
    }

    /// Forgets it.
    pub async fn discard(self) {
        if let Err(error) = fs::remove_file(&self.part).await {
            tracing::warn!(%error, "a part of a file could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_written_is_read_and_no_key_leads_out() {
        let directory = std::env::temp_dir().join(format!("media-{}", Uuid::now_v7()));
        let store = MediaStore::in_directory(directory.clone());
        let mut writer = store.begin("org/file").await.expect("it begins");
        writer.write(b"ab").await.expect("it writes");
        assert!(
            store.open("org/file").await.is_err(),
            "not before it is complete"
        );
        writer.write(b"c").await.expect("it writes");
        let stored = writer.finish().await.expect("it ends");
        assert_eq!(stored.bytes, 3);
        assert_eq!(
            stored.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            fs::read(directory.join("org/file")).await.expect("a file"),
            b"abc"
        );
        for wrong in ["../x", "/etc/passwd", "a//b", "", "a/..", "a\\b"] {
            assert!(store.open(wrong).await.is_err(), "{wrong}");
            assert!(store.begin(wrong).await.is_err(), "{wrong}");
        }
        fs::remove_dir_all(directory).await.expect("it goes");
    }
}
