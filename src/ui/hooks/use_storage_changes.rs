use dioxus::prelude::*;

/// What another window has done in this browser's storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageChange {
    /// What was changed; none if everything was removed.
    pub key: Option<String>,
    /// What that window has written there; none if it was removed. What stood there before is not
    /// known: windows hear late of each other.
    pub new: Option<String>,
}

/// Calls the handler for every change that another window makes, while the component lives.
pub fn use_storage_changes(handle: impl FnMut(StorageChange) + Clone + 'static) {
    #[cfg(feature = "web")]
    use_future(move || {
        let mut handle = handle.clone();
        async move {
            use futures::StreamExt;
            use wasm_bindgen::JsCast;
            let mut events = crate::bases::browser::WindowEvents::new("storage");
            while let Some(event) = events.next().await {
                if let Ok(event) = event.dyn_into::<web_sys::StorageEvent>() {
                    handle(StorageChange {
                        key: event.key(),
                        new: event.new_value(),
                    });
                }
            }
        }
    });
    #[cfg(not(feature = "web"))]
    use_hook(|| drop(handle));
}
