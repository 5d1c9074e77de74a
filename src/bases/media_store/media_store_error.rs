use std::{error::Error, io};

/// A file could not be stored or opened.
#[derive(Debug, thiserror::Error)]
pub enum MediaStoreError {
    /// A defect: no such key is ever built.
    #[error("not a key of the media store")]
    Key,
    #[error("the media directory cannot be used: {0}")]
    File(#[from] io::Error),
    /// `said` is S3's code, or why the call failed.
    #[error("the bucket cannot be used: {call}: {said}")]
    Bucket {
        call: &'static str,
        said: String,
        source: Box<dyn Error + Send + Sync>,
    },
}
