use dioxus::prelude::*;

/// Where the events stood before the server read anything for this page; the page carries it as
/// `data-events`, for the link to begin there. Only the server knows.
pub fn use_event_position() -> Option<String> {
    use_hook(|| {
        #[cfg(feature = "server")]
        {
            use crate::bases::state::AppState;
            use dioxus::fullstack::FullstackContext;
            let app: AppState = FullstackContext::current()?.extension()?;
            Some(app.hub.position())
        }
        #[cfg(not(feature = "server"))]
        None
    })
}
