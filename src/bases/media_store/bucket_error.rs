//! Errors of the S3 client as errors of the store.

use std::error::Error;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use super::MediaStoreError;

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

    /// For errors before the call.
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
