use dioxus::prelude::*;

use crate::{
    bases::browser,
    ui::{Dialog, Kbd},
};

/// The keys that do something, and what.
const SHORTCUTS: [(&str, &[&str]); 7] = [
    ("Move in the conversation list", &["J", "K", "↓", "↑"]),
    ("Open the conversation", &["↵"]),
    ("Reply", &["R"]),
    ("Send (⇧↵ for a new line)", &["↵"]),
    ("New message", &["C"]),
    ("Contact details", &["I"]),
    ("Close, then back to the list", &["Esc"]),
];

/// Lists the keyboard shortcuts.
#[component]
pub fn ShortcutsDialog(open: Signal<bool>) -> Element {
    // It is shown only once the page is live.
    let send = if browser::is_mac() {
        "⌘↵"
    } else {
        "Ctrl↵"
    };
    rsx! {
        Dialog { id: "shortcuts", title: "Keyboard shortcuts", open,
            div { class: "dialog__body dialog__body--text",
                dl { class: "shortcuts",
                    for (what, keys) in SHORTCUTS {
                        div { key: "{what}",
                            dt { "{what}" }
                            dd {
                                for key in keys {
                                    Kbd { key: "{key}", keys: key }
                                }
                            }
                        }
                    }
                    div {
                        dt { "Send a new message" }
                        dd {
                            Kbd { keys: send }
                        }
                    }
                    div {
                        dt { "This help" }
                        dd {
                            Kbd { keys: "?" }
                        }
                    }
                }
                p { class: "subtle", "Single letters do nothing while you write." }
            }
        }
    }
}
