use dioxus::prelude::*;

/// Which number of the organization.
#[component]
pub fn NumberTag(name: String, hue: u8) -> Element {
    rsx! {
        span { class: "number-tag", "data-hue": "{hue}", "{name}" }
    }
}
