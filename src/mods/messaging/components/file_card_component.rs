use dioxus::prelude::*;

use super::delivery_log_button_component::tab_index;
use crate::{mods::messaging::types::Attachment, ui::Icon};

/// A file: what it is, its name, its size, and a button to save it.
#[component]
pub fn FileCard(
    attachment: Attachment,
    /// It is in the message that the Tab key reaches.
    tab_stop: bool,
) -> Element {
    let kind = attachment.kind;
    let size = attachment.size().map(|size| format!(" · {size}"));
    let size = size.unwrap_or_default();
    rsx! {
        div { class: "file-card",
            span { class: "file-card__icon",
                Icon { name: kind.icon() }
            }
            bdi { class: "file-card__name truncate", "{attachment.name}" }
            span { class: "file-card__sub", "{kind.word()}{size}" }
            a {
                class: "button button--ghost button--icon button--sm",
                href: attachment.download_path(),
                aria_label: "Download {attachment.name}",
                title: "Download",
                tabindex: tab_index(tab_stop),
                Icon { name: "download" }
            }
        }
    }
}
