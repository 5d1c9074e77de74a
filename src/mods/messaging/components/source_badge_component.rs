use dioxus::prelude::*;

use crate::{entities::states::MessageSource, ui::Icon};

/// Says that a message did not go through Loquent, and how we know it.
#[component]
pub fn SourceBadge(source: MessageSource) -> Element {
    let (class, icon, label, title) = match source {
        MessageSource::Loquent => return rsx! {},
        MessageSource::External => (
            "source-badge source-badge--external",
            "external",
            "External",
            "Sent outside Loquent, captured from your Twilio account",
        ),
        MessageSource::Import => (
            "source-badge source-badge--import",
            "history",
            "Import",
            "Imported from Twilio message history",
        ),
    };
    rsx! {
        span { class, title,
            Icon { name: icon }
            "{label}"
        }
    }
}
