use dioxus::prelude::*;

/// Whether the page answers to the user: not on the server, nor while the browser takes over
/// what the server rendered, for then both must render the same.
pub fn use_live() -> Signal<bool> {
    let mut live = use_signal(|| false);
    use_effect(move || live.set(true));
    live
}
