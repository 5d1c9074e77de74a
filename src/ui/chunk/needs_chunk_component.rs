use dioxus::prelude::*;

/// Tells the start script of a page (`xtask/node/client.js`) which chunk the page was rendered with:
/// it must be there before the client takes over.
#[component]
pub fn NeedsChunk(name: &'static str) -> Element {
    rsx! {
        template { "data-chunk": name }
    }
}
