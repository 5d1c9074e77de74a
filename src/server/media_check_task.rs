use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::bases::{
    health::{Health, Part},
    media_store::{MediaStore, MediaStoreError},
};

/// How often to check while the store works, and while it fails.
const CHECK_EVERY: Duration = Duration::from_secs(300);
const CHECK_AGAIN: Duration = Duration::from_secs(30);
/// A store that takes longer for a few bytes counts as failed.
const LIMIT: Duration = Duration::from_secs(60);
/// What is written is replaced each time. As much as a full disk has no room for.
const KEY: &str = "check/write";
const BYTES: [u8; 8_192] = [0; 8_192];

/// Checks until cancelled whether files can be stored, so that wrong credentials are found before
/// the first picture.
pub async fn media_check_task(store: MediaStore, health: Health, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        let checked = tokio::time::timeout(LIMIT, write(&store)).await;
        let pause = match checked {
            Ok(Ok(())) => {
                health.works(Part::Files);
                CHECK_EVERY
            }
            Ok(Err(error)) => {
                health.fails(Part::Files, &error.to_string());
                CHECK_AGAIN
            }
            Err(_) => {
                health.fails(Part::Files, "the media store does not answer");
                CHECK_AGAIN
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn write(store: &MediaStore) -> Result<(), MediaStoreError> {
    let mut writer = store.begin(KEY, "application/octet-stream").await?;
    writer.write(&BYTES).await?;
    writer.finish().await.map(drop)
}
