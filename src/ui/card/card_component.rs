use dioxus::prelude::*;

/// A part of a page, with its own heading.
#[component]
pub fn Card(
    /// Where a link to this part leads.
    id: &'static str,
    title: &'static str,
    /// What this part is for.
    lede: &'static str,
    /// Beside the title: how it stands.
    badge: Element,
    children: Element,
) -> Element {
    rsx! {
        // Links to it, and buttons that are gone, leave the focus here.
        section { class: "card", id, tabindex: "-1", aria_labelledby: "{id}-title",
            div { class: "card__head",
                h2 { class: "card__title", id: "{id}-title", "{title}" }
                {badge}
                p { class: "card__lede", "{lede}" }
            }
            {children}
        }
    }
}
