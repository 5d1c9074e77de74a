//! Where the bytes of files are kept: a directory (`file_store`) or a bucket (`bucket_store`,
//! `s3_settings`), behind `store`.
//!
//! A file is written with `media_writer` (`bucket_upload` for a bucket) under a `media_key`, and
//! read from its path or by a `media_link`. `server/media_check_task` finds out whether files can be stored.

#[cfg(feature = "s3")]
mod bucket_error;
#[cfg(feature = "s3")]
mod bucket_store;
#[cfg(feature = "s3")]
mod bucket_upload;
mod file_store;
mod media_key;
mod media_link;
mod media_store_error;
mod media_writer;
mod s3_settings;
mod store;
#[cfg(not(feature = "s3"))]
mod without_s3;

#[cfg(feature = "s3")]
pub use bucket_store::BucketStore;
#[cfg(feature = "s3")]
use bucket_upload::BucketUpload;
pub use file_store::FileStore;
pub use media_link::MediaLink;
pub use media_store_error::MediaStoreError;
pub use media_writer::{MediaWriter, StoredMedia};
pub use s3_settings::S3Settings;
pub use store::{MediaSource, MediaStore};
#[cfg(not(feature = "s3"))]
pub use without_s3::BucketStore;
#[cfg(not(feature = "s3"))]
use without_s3::BucketUpload;
