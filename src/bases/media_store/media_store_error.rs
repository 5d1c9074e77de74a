use std::{error::Error, io};

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

/// A file could not be kept or had.
#[derive(Debug, thiserror::Error)]
pub enum MediaStoreError {
    /// A defect: no such key is ever made.
    #[error("not a key of the media store")]
    Key,
    #[error("the media directory cannot be used: {0}")]
    File(#[from] io::Error),
    /// `said` is S3's code, or what went wrong on the way to it.
    #[error("the bucket cannot be used: {call}: {said}")]
    Bucket {
        call: &'static str,
        said: String,
        source: Box<dyn Error + Send + Sync>,
    },
}

impl MediaStoreError {
    /// For `map_err` of a call of the S3 client.
    pub(super) fn of_call<E>(call: &'static str) -> impl FnOnce(SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        move |error| Self::Bucket {
            call,
            said: error
                .code()
                .map_or_else(|| error.to_string(), str::to_owned),
            source: Box::new(error),
        }
    }

    /// For what fails before anything is called.
    pub(super) fn before_call(
        call: &'static str,
        source: impl Error + Send + Sync + 'static,
    ) -> Self {
        Self::Bucket {
            call,
            said: source.to_string(),
            source: Box::new(source),
        }
    }
}
