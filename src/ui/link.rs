use dioxus::prelude::*;

/// What a click on a link to one of our own pages does: the page opens here, and nothing is loaded
/// again. With a key held, the browser opens it elsewhere, as any link.
pub fn open_page(event: &MouseEvent, address: &str) {
    if event.modifiers().is_empty() {
        event.prevent_default();
        navigator().push(address);
    }
}
