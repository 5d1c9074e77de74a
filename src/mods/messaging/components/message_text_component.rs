use dioxus::prelude::*;

use super::delivery_log_button_component::tab_index;
use crate::mods::messaging::types::TextLink;

/// What a message says, with its links.
#[component]
pub fn MessageText(body: String, links: Vec<TextLink>, tab_stop: bool) -> Element {
    let mut shown_to = 0;
    let parts = links.into_iter().filter_map(|link| {
        // A link that is not of this text shows as text.
        let before = body.get(shown_to..link.start)?.to_owned();
        let text = body.get(link.start..link.end)?.to_owned();
        shown_to = link.end;
        Some((before, text, link.href))
    });
    let parts: Vec<_> = parts.collect();
    let rest = body.get(shown_to..).unwrap_or_default();
    rsx! {
        for (before, text, href) in parts {
            "{before}"
            a {
                href,
                target: "_blank",
                rel: "noopener noreferrer",
                tabindex: tab_index(tab_stop),
                "{text}"
            }
        }
        "{rest}"
    }
}
