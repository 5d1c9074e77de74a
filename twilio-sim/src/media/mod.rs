//! Files of messages: their bytes, made from a seed, and the host that serves them.

mod cdn_link;
mod cdn_request;
mod cdn_router;
mod document_bytes;
mod media_file;
mod media_kind;
mod picture_bytes;

pub(crate) use cdn_link::CdnLink;
pub use cdn_request::CdnRequest;
pub(crate) use cdn_router::cdn_router;
pub(crate) use media_file::MediaFile;
pub(crate) use media_kind::MediaKind;
