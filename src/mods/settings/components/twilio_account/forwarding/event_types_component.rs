use dioxus::prelude::*;

use crate::{
    mods::account::types::ForwardedEventType,
    ui::{Icon, When},
};

/// What all event types of texts begin with.
const PREFIX: &str = "com.twilio.messaging.";

/// The event types, whether each is subscribed to, and when it last came.
#[component]
pub fn EventTypes(types: Vec<ForwardedEventType>) -> Element {
    rsx! {
        div {
            h3 { class: "sr-only", "Event types and last event" }
            ul { class: "event-types",
                for one in types {
                    EventTypeLine { key: "{one.event_type}", event: one }
                }
            }
        }
    }
}

#[component]
fn EventTypeLine(event: ForwardedEventType) -> Element {
    let name = event.event_type.strip_prefix(PREFIX);
    let short = name.unwrap_or(&event.event_type).to_owned();
    let icon = if event.subscribed {
        "check-circle"
    } else {
        "minus"
    };
    rsx! {
        li {
            Icon { name: icon }
            code {
                if name.is_some() {
                    span { class: "prefix", "{PREFIX}" }
                }
                "{short}"
            }
            span { class: "last",
                match (event.subscribed, event.last_event_at) {
                    (false, _) => rsx! { "Not subscribed" },
                    (true, Some(at)) => rsx! {
                        When { at }
                    },
                    (true, None) => rsx! { "None yet" },
                }
            }
        }
    }
}
