use dioxus::prelude::*;

use crate::{
    bases::ids::TwilioEventId,
    mods::{auth::hooks::use_session, twilio::api::get_twilio_event_api},
    ui::{Button, ButtonSize},
};

/// What an event says.
#[component]
pub fn TwilioEventPayload(id: TwilioEventId, label: String) -> Element {
    let session = use_session();
    let mut detail = use_resource(move || async move {
        let detail = get_twilio_event_api(id).await;
        if let Err(error) = &detail {
            session.ended_by(error);
        }
        detail
    });
    let shown = detail.read().clone();
    match shown {
        Some(Ok(detail)) => rsx! {
            if detail.is_masked {
                p { class: "subtle event-row__note",
                    "Texts and phone numbers are hidden: reading them needs an admin or owner."
                }
            }
            // It scrolls, so the keyboard has to get there.
            pre {
                class: "event-row__payload",
                tabindex: "0",
                role: "region",
                aria_label: "Payload of {label}",
                "{detail.payload}"
            }
        },
        Some(Err(error)) => rsx! {
            div { role: "alert", class: "event-row__note",
                p { "The payload could not be loaded. {error}" }
                Button { size: ButtonSize::Small, icon: "refresh", onclick: move |_| detail.restart(), "Try again" }
            }
        },
        None => rsx! {
            div { class: "skeleton-group", role: "status",
                span { class: "sr-only", "Loading the payload" }
                span { class: "skeleton" }
                span { class: "skeleton" }
            }
        },
    }
}
