use dioxus::prelude::*;

use crate::ui::{EmptyState, use_title};

/// Answers 404 to an address that is no page.
#[component]
pub fn NotFoundPage(address: Vec<String>) -> Element {
    // The router gives it; a person sees it in their own browser.
    let _ = address;
    use_title(|| "Page not found · Loquent".to_owned());
    #[cfg(feature = "server")]
    dioxus::fullstack::FullstackContext::commit_http_status(StatusCode::NOT_FOUND, None);
    rsx! {
        main { class: "page-message",
            h1 { class: "sr-only", "Loquent" }
            EmptyState {
                title: "Page not found",
                text: "Check the address, or go back to the inbox.",
                div { class: "empty-state__actions",
                    a { class: "button button--primary", href: "/messaging", "Go to the inbox" }
                }
            }
        }
    }
}
