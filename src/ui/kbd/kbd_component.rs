use dioxus::prelude::*;

/// A key to press.
#[component]
pub fn Kbd(keys: &'static str) -> Element {
    rsx! {
        kbd { class: "kbd", "{keys}" }
    }
}
