use dioxus::prelude::*;

/// A picture of the icon sheet (`assets/icons.css`), hidden from assistive technology: it is
/// never the only label of anything.
#[component]
pub fn Icon(name: &'static str, #[props(default)] size: &'static str) -> Element {
    let size = if size.is_empty() {
        String::new()
    } else {
        format!(" icon--{size}")
    };
    rsx! {
        span { class: "icon icon-{name}{size}", aria_hidden: "true" }
    }
}
