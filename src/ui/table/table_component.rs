use dioxus::prelude::*;

/// A table with its frame, which scrolls sideways where the table is wider, with the keyboard too.
#[component]
pub fn Table(
    /// What it lists, for who cannot see it.
    caption: &'static str,
    #[props(default)] class: &'static str,
    children: Element,
) -> Element {
    rsx! {
        div { class: "table-wrap", role: "group", aria_label: caption, tabindex: "0",
            table { class: "table {class}",
                caption { class: "sr-only", "{caption}" }
                {children}
            }
        }
    }
}
