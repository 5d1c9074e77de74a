use dioxus::prelude::*;

use crate::ui::{Card, Icon, Table};

/// Action, whether it changes the Twilio account, what happens, and how to take it back.
const EFFECTS: [(&str, bool, &str, &str); 12] = [
    (
        "Save your credentials",
        false,
        "Saved in Loquent’s database only",
        "Not needed",
    ),
    (
        "View settings, list numbers",
        false,
        "Read only",
        "Not needed",
    ),
    ("Search numbers to buy", false, "Read only", "Not needed"),
    (
        "Import existing numbers",
        false,
        "Copies number details to Loquent",
        "Not needed",
    ),
    ("Import message history", false, "Read only", "Not needed"),
    (
        "Check health, find missed messages",
        false,
        "Read only",
        "Not needed",
    ),
    (
        "Set up the event sink",
        true,
        "Adds 1 Event Sink and 1 Subscription. Number webhooks stay as they are.",
        "Removes both",
    ),
    (
        "Buy a number",
        true,
        "Buys it, then sets its voice URL",
        "Release number",
    ),
    (
        "Configure voice on a number",
        true,
        "Replaces its voice URL and saves the old one. Calls go to Loquent.",
        "Restores old URL",
    ),
    (
        "Configure texts on a number",
        true,
        "Replaces its SMS URL and saves the old one. Only for those who do not use event forwarding.",
        "Restores old URL",
    ),
    (
        "Fix a number",
        true,
        "Sets again what Loquent had set and somebody changed",
        "Restores old values",
    ),
    (
        "Release a number",
        true,
        "Gives it back to Twilio. Messages and history stay.",
        "None: Twilio can sell it to someone else",
    ),
];

/// What each action does to the Twilio account, and what never touches it.
#[component]
pub fn EffectsSection() -> Element {
    rsx! {
        Card {
            id: "effects",
            title: "What Loquent does to your Twilio account",
            lede: "Only the actions marked Yes change something in Twilio. Each is previewed before it runs and logged below.",
            badge: rsx! {},
            Table { caption: "Actions and whether they change your Twilio account", class: "table--verdict",
                thead {
                    tr {
                        th { scope: "col", "Action" }
                        th { scope: "col", "Changes it?" }
                        th { scope: "col", "What happens" }
                        th { scope: "col", "Undo" }
                    }
                }
                tbody {
                    for (action, changes, what, undo) in EFFECTS {
                        tr { key: "{action}",
                            th { scope: "row", "{action}" }
                            td { "data-label": "Changes it?",
                                Verdict { changes }
                            }
                            td { class: "muted", "data-label": "What happens", "{what}" }
                            td { class: if changes { "" } else { "subtle" }, "data-label": "Undo", "{undo}" }
                        }
                    }
                }
            }
        }
    }
}

#[component]
fn Verdict(changes: bool) -> Element {
    if changes {
        rsx! {
            span { class: "verdict verdict--yes",
                Icon { name: "alert-triangle" }
                "Yes"
            }
        }
    } else {
        rsx! {
            span { class: "verdict verdict--no",
                Icon { name: "check" }
                "No"
            }
        }
    }
}
