/// The value kept in this browser under a key, if storage is allowed and there is one.
pub fn stored(key: &str) -> Option<String> {
    #[cfg(feature = "web")]
    return storage()?.get_item(key).ok().flatten();
    #[cfg(not(feature = "web"))]
    {
        let _ = key;
        None
    }
}

/// Keeps a value in this browser; `None` removes it. Says whether that was done: storage may be
/// full or blocked.
pub fn store(key: &str, value: Option<&str>) -> bool {
    #[cfg(feature = "web")]
    if let Some(storage) = storage() {
        let stored = match value {
            Some(value) => storage.set_item(key, value),
            None => storage.remove_item(key),
        };
        return stored.is_ok();
    }
    let _ = (key, value);
    false
}

/// The keys in this browser that begin with the prefix, without it.
pub fn stored_keys(prefix: &str) -> Vec<String> {
    #[cfg(feature = "web")]
    if let Some(storage) = storage() {
        return (0..storage.length().unwrap_or_default())
            .filter_map(|at| storage.key(at).ok().flatten())
            .filter_map(|key| key.strip_prefix(prefix).map(str::to_owned))
            .collect();
    }
    let _ = prefix;
    Vec::new()
}

#[cfg(feature = "web")]
fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
