use super::MediaStoreError;

/// Keys come from the database; all the same none may lead out of the store: they are ids with
/// slashes between them.
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
