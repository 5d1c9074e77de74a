use super::{
    BucketStore, BucketUpload, FileStore, MediaLink, MediaStoreError, MediaWriter, S3Settings,
    media_key::check_key, media_writer::Sink,
};

/// Where the bytes of files are kept: files below the data directory, or a bucket, which all
/// nodes share.
#[derive(Debug, Clone)]
pub enum MediaStore {
    Files(FileStore),
    Bucket(BucketStore),
}

/// How a file reaches the browser.
#[derive(Debug)]
pub enum MediaSource {
    /// We serve it from this path.
    File(std::path::PathBuf),
    /// The browser fetches it from the bucket.
    Link(MediaLink),
}

impl MediaStore {
    /// A bucket where one is set, else the given directory.
    pub fn new(bucket: Option<&S3Settings>, directory: std::path::PathBuf) -> Self {
        match bucket {
            Some(settings) => Self::Bucket(BucketStore::new(settings)),
            None => Self::Files(FileStore::in_directory(directory)),
        }
    }

    /// Begins a file. A key is ids with slashes between them; writing it again replaces it.
    pub async fn begin(
        &self,
        key: &str,
        content_type: &str,
    ) -> Result<MediaWriter, MediaStoreError> {
        check_key(key)?;
        let sink = match self {
            Self::Files(files) => Sink::File(files.begin(key).await?),
            Self::Bucket(bucket) => {
                Sink::Bucket(BucketUpload::new(bucket.clone(), key, content_type))
            }
        };
        Ok(MediaWriter::new(sink))
    }

    /// The way to a file. A bucket answers with the given type and `Content-Disposition`. Whether the
    /// file is really there is only known when it is read.
    pub async fn open(
        &self,
        key: &str,
        content_type: &str,
        disposition: &str,
    ) -> Result<MediaSource, MediaStoreError> {
        check_key(key)?;
        match self {
            Self::Files(files) => Ok(MediaSource::File(files.path(key))),
            Self::Bucket(bucket) => {
                let link = bucket.link(key, content_type, disposition).await?;
                Ok(MediaSource::Link(link))
            }
        }
    }

    /// The origin that browsers load files from, where it is not our own.
    pub async fn origin(&self) -> Result<Option<String>, MediaStoreError> {
        match self {
            Self::Files(_) => Ok(None),
            Self::Bucket(bucket) => bucket.origin().await.map(Some),
        }
    }

    /// Removes leftovers of killed writers. A bucket does it by a lifecycle rule.
    pub async fn remove_leftovers(&self) -> Result<(), MediaStoreError> {
        match self {
            Self::Files(files) => Ok(files.remove_leftovers().await?),
            Self::Bucket(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn what_is_written_is_read_and_no_key_leads_out() {
        let directory = std::env::temp_dir().join(format!("media-{}", Uuid::now_v7()));
        let store = MediaStore::new(None, directory.clone());
        let open = async |key| store.open(key, "text/plain", "inline").await;
        let mut writer = store.begin("org/file", "text/plain").await.expect("begins");
        writer.write(b"ab").await.expect("it writes");
        let place = directory.join("org/file");
        assert!(!place.exists(), "not before it is complete");
        writer.write(b"c").await.expect("it writes");
        let stored = writer.finish().await.expect("it ends");
        assert_eq!(stored.bytes, 3);
        assert_eq!(
            stored.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        let Ok(MediaSource::File(found)) = open("org/file").await else {
            panic!("it is a file");
        };
        assert_eq!(found, place);
        assert_eq!(std::fs::read(found).expect("a file"), b"abc");
        for wrong in ["../x", "/etc/passwd", "a//b", "", "a/..", "a\\b"] {
            assert!(open(wrong).await.is_err(), "{wrong}");
            assert!(store.begin(wrong, "text/plain").await.is_err(), "{wrong}");
        }
        std::fs::remove_dir_all(directory).expect("it goes");
    }

    #[tokio::test]
    async fn a_writer_that_is_dropped_leaves_nothing() {
        let directory = std::env::temp_dir().join(format!("media-{}", Uuid::now_v7()));
        let store = MediaStore::new(None, directory.clone());
        let mut writer = store.begin("org/file", "text/plain").await.expect("begins");
        writer.write(b"ab").await.expect("it writes");
        let parts = || std::fs::read_dir(directory.join("parts")).expect("a directory");
        assert_eq!(parts().count(), 1);
        drop(writer);
        assert_eq!(parts().count(), 0);
        std::fs::remove_dir_all(directory).expect("it goes");
    }
}
