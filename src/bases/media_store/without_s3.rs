//! What stands for a bucket in a program that was built without the feature `s3`. The settings
//! refuse a bucket there, so nothing here is ever called.

use std::io;

use super::{MediaLink, MediaStoreError, S3Settings};

/// No bucket.
#[derive(Debug, Clone)]
pub struct BucketStore;

/// No upload.
#[derive(Debug)]
pub(super) struct BucketUpload;

impl BucketStore {
    pub(super) fn new(_settings: &S3Settings) -> Self {
        Self
    }

    pub(super) async fn link(
        &self,
        _key: &str,
        _content_type: &str,
        _disposition: &str,
    ) -> Result<MediaLink, MediaStoreError> {
        Err(without_s3())
    }

    pub(super) async fn origin(&self) -> Result<String, MediaStoreError> {
        Err(without_s3())
    }
}

impl BucketUpload {
    pub(super) fn new(_store: BucketStore, _key: &str, _content_type: &str) -> Self {
        Self
    }

    pub(super) async fn write(&mut self, _part: &[u8]) -> Result<(), MediaStoreError> {
        Err(without_s3())
    }

    pub(super) async fn finish(self) -> Result<(), MediaStoreError> {
        Err(without_s3())
    }
}

fn without_s3() -> MediaStoreError {
    io::Error::new(io::ErrorKind::Unsupported, "built without S3").into()
}
