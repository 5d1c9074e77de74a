use dioxus::prelude::*;

/// Gives the page its title, also in what the server renders.
pub fn use_title(mut title: impl FnMut() -> String + 'static) {
    #[cfg(not(feature = "web"))]
    use_hook(|| document::document().set_title(title()));
    // Not through Dioxus, which would evaluate a script.
    #[cfg(feature = "web")]
    use_effect(move || {
        let title = title();
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            document.set_title(&title);
        }
    });
}
