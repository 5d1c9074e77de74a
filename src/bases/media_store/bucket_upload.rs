use std::mem;

use aws_sdk_s3::{
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart},
};
use tokio::runtime::Handle;

use super::{BucketStore, MediaStoreError};

/// The least that S3 takes as a part, but for the last one:
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html. Most files of messages are
/// smaller and go in one piece.
const PART_BYTES: usize = 5 * 1024 * 1024;

/// An upload into a bucket, with at most one part in memory. Dropped before
/// [`BucketUpload::finish`], it is aborted.
#[derive(Debug)]
pub(super) struct BucketUpload {
    store: BucketStore,
    key: String,
    content_type: String,
    waiting: Vec<u8>,
    /// Once there are parts.
    upload_id: Option<String>,
    parts: Vec<CompletedPart>,
}

impl BucketUpload {
    pub(super) fn new(store: BucketStore, key: &str, content_type: &str) -> Self {
        Self {
            store,
            key: key.to_owned(),
            content_type: content_type.to_owned(),
            waiting: Vec::new(),
            upload_id: None,
            parts: Vec::new(),
        }
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), MediaStoreError> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= PART_BYTES {
            self.send_part().await?;
        }
        Ok(())
    }

    /// Makes it readable under its key.
    pub(super) async fn finish(mut self) -> Result<(), MediaStoreError> {
        if self.upload_id.is_none() {
            return self.send_whole().await;
        }
        if !self.waiting.is_empty() {
            self.send_part().await?;
        }
        let parts = CompletedMultipartUpload::builder()
            .set_parts(Some(mem::take(&mut self.parts)))
            .build();
        self.store
            .client
            .complete_multipart_upload()
            .bucket(&self.store.bucket)
            .key(&self.key)
            .set_upload_id(self.upload_id.clone())
            .multipart_upload(parts)
            .send()
            .await
            .map_err(MediaStoreError::of_call("CompleteMultipartUpload"))?;
        self.upload_id = None;
        Ok(())
    }

    async fn send_whole(&mut self) -> Result<(), MediaStoreError> {
        self.store
            .client
            .put_object()
            .bucket(&self.store.bucket)
            .key(&self.key)
            .content_type(&self.content_type)
            .body(ByteStream::from(mem::take(&mut self.waiting)))
            .send()
            .await
            .map_err(MediaStoreError::of_call("PutObject"))?;
        Ok(())
    }

    async fn send_part(&mut self) -> Result<(), MediaStoreError> {
        if self.upload_id.is_none() {
            self.begin_parts().await?;
        }
        // S3 allows 10,000 parts; files are far smaller than that.
        let number = i32::try_from(self.parts.len() + 1).unwrap_or(i32::MAX);
        let sent = self
            .store
            .client
            .upload_part()
            .bucket(&self.store.bucket)
            .key(&self.key)
            .set_upload_id(self.upload_id.clone())
            .part_number(number)
            .body(ByteStream::from(mem::take(&mut self.waiting)))
            .send()
            .await
            .map_err(MediaStoreError::of_call("UploadPart"))?;
        self.parts.push(
            CompletedPart::builder()
                .part_number(number)
                .set_e_tag(sent.e_tag)
                .build(),
        );
        Ok(())
    }

    async fn begin_parts(&mut self) -> Result<(), MediaStoreError> {
        let begun = self
            .store
            .client
            .create_multipart_upload()
            .bucket(&self.store.bucket)
            .key(&self.key)
            .content_type(&self.content_type)
            .send()
            .await
            .map_err(MediaStoreError::of_call("CreateMultipartUpload"))?;
        self.upload_id = begun.upload_id;
        Ok(())
    }
}

impl Drop for BucketUpload {
    fn drop(&mut self) {
        // S3 keeps, and charges for, parts that are neither completed nor aborted.
        let (Some(upload_id), Ok(runtime)) = (self.upload_id.take(), Handle::try_current()) else {
            return;
        };
        let give_up = self
            .store
            .client
            .abort_multipart_upload()
            .bucket(&self.store.bucket)
            .key(&self.key)
            .upload_id(upload_id)
            .send();
        runtime.spawn(async move {
            if let Err(error) = give_up.await {
                tracing::warn!(%error, "an upload to the bucket could not be aborted");
            }
        });
    }
}
