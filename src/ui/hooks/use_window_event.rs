use dioxus::prelude::*;

/// Calls the handler for every event of a name on the window, while the component lives.
pub fn use_window_event(name: &'static str, handle: impl FnMut() + Clone + 'static) {
    #[cfg(feature = "web")]
    use_future(move || {
        let mut handle = handle.clone();
        async move {
            use futures::StreamExt;
            let mut events = crate::bases::browser::WindowEvents::new(name);
            while events.next().await.is_some() {
                handle();
            }
        }
    });
    #[cfg(not(feature = "web"))]
    use_hook(|| drop((name, handle)));
}
