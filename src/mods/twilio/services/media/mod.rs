//! The files of messages: `claim_media_service` claims those that are due, in turns among
//! organizations; `download_media_service` fetches one and puts it into the media store.

mod claim_media_service;
mod download_media_service;
mod media_error;

pub use claim_media_service::{ClaimedMedia, MediaRoom, claim_media_service};
pub use download_media_service::download_media_service;
