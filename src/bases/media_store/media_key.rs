use super::MediaStoreError;

/// Keys are ids with slashes between them. None may point out of the store, although they come from
/// the database.
pub(super) fn check_key(key: &str) -> Result<(), MediaStoreError> {
    let is_safe = !key.is_empty()
        && key.split('/').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        });
    if is_safe {
        Ok(())
    } else {
        Err(MediaStoreError::Key)
    }
}
