use sha2::{Digest, Sha256};

use super::{BucketUpload, MediaStoreError, file_store::FilePart};

/// A file on its way into the store; dropped before [`MediaWriter::finish`], it leaves nothing
/// that could be read.
#[derive(Debug)]
pub struct MediaWriter {
    sink: Sink,
    hash: Sha256,
    bytes: u64,
}

#[derive(Debug)]
pub(super) enum Sink {
    File(FilePart),
    Bucket(BucketUpload),
}

/// What was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMedia {
    pub bytes: u64,
    /// In hexadecimal digits.
    pub sha256: String,
}

impl MediaWriter {
    pub(super) fn new(sink: Sink) -> Self {
        Self {
            sink,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    /// Appends a part of the file.
    pub async fn write(&mut self, part: &[u8]) -> Result<(), MediaStoreError> {
        self.hash.update(part);
        self.bytes += part.len() as u64;
        match &mut self.sink {
            Sink::File(file) => Ok(file.write(part).await?),
            Sink::Bucket(upload) => upload.write(part).await,
        }
    }

    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Makes the file readable under its key; it is kept for good then.
    pub async fn finish(self) -> Result<StoredMedia, MediaStoreError> {
        match self.sink {
            Sink::File(file) => file.finish().await?,
            Sink::Bucket(upload) => upload.finish().await?,
        }
        Ok(StoredMedia {
            bytes: self.bytes,
            sha256: hex::encode(self.hash.finalize()),
        })
    }
}
