//! What stands for a bucket in a program that was built without the feature `s3`: values that
//! nobody can make.

use super::{MediaLink, MediaStoreError, S3Settings};

/// No bucket.
#[derive(Debug, Clone)]
pub enum BucketStore {}

/// No upload.
#[derive(Debug)]
pub(super) enum BucketUpload {}

impl BucketStore {
    pub(super) fn new(_settings: &S3Settings) -> Self {
        unreachable!("settings that name a bucket are refused without the feature `s3`")
    }

    pub(super) fn begin(&self, _key: &str, _content_type: &str) -> BucketUpload {
        match *self {}
    }

    pub(super) async fn link(
        &self,
        _key: &str,
        _content_type: &str,
        _disposition: &str,
    ) -> Result<MediaLink, MediaStoreError> {
        match *self {}
    }

    pub(super) async fn origin(&self) -> Result<String, MediaStoreError> {
        match *self {}
    }
}

impl BucketUpload {
    pub(super) async fn write(&mut self, _part: &[u8]) -> Result<(), MediaStoreError> {
        match *self {}
    }

    pub(super) async fn finish(self) -> Result<(), MediaStoreError> {
        match self {}
    }
}
