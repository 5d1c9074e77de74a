mod claim_media_service;
mod download_media_service;

pub use claim_media_service::{ClaimedMedia, MediaRoom, claim_media_service};
pub use download_media_service::download_media_service;
