use dioxus::prelude::*;

use crate::{
    bases::realtime::{ConnectionState, RealtimeContext},
    ui::Icon,
};

/// Whether what is shown is live.
#[component]
pub fn Connection() -> Element {
    let realtime = use_context::<RealtimeContext>();
    rsx! {
        div { class: "connection", role: "status",
            match (realtime.connection)() {
                ConnectionState::Connecting => rsx! {
                    span { class: "connection__live",
                        span { class: "dot dot--none" }
                        "Connecting…"
                    }
                },
                ConnectionState::Live => rsx! {
                    span { class: "connection__live",
                        span { class: "dot dot--success" }
                        "Live"
                    }
                },
                ConnectionState::Reconnecting => rsx! {
                    span { class: "connection__retry",
                        Icon { name: "spinner" }
                        "Reconnecting…"
                    }
                },
                ConnectionState::Offline => rsx! {
                    span { class: "connection__live",
                        span { class: "dot dot--warning" }
                        "Offline"
                    }
                },
            }
        }
    }
}
