//! Where the bytes of files are kept.

mod bucket_store;
mod bucket_upload;
mod check_task;
mod file_store;
mod media_key;
mod media_link;
mod media_store_error;
mod media_writer;
mod s3_settings;
mod store;

pub use bucket_store::BucketStore;
pub use check_task::media_check_task;
pub use file_store::FileStore;
pub use media_link::MediaLink;
pub use media_store_error::MediaStoreError;
pub use media_writer::{MediaWriter, StoredMedia};
pub use s3_settings::S3Settings;
pub use store::{MediaSource, MediaStore};
