use dioxus::prelude::*;

use crate::ui::{Dialog, Kbd};

/// The keys that do something, and what.
const SHORTCUTS: [(&str, &[&str]); 7] = [
    ("Move in the conversation list", &["J", "K", "↓", "↑"]),
    ("Open the conversation", &["↵"]),
    ("Reply", &["R"]),
    ("Send (⇧↵ for a new line)", &["↵", "⌘↵"]),
    ("New message", &["C"]),
    ("Contact details", &["I"]),
    ("Close, then back to the list", &["Esc"]),
];

/// Lists the keyboard shortcuts.
#[component]
pub fn ShortcutsDialog(open: Signal<bool>) -> Element {
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
                        dt { "This help" }
                        dd {
                            Kbd { keys: "?" }
                        }
                    }
                }
                p { class: "subtle", "Single letters do nothing while you write. On Windows and Linux, ⌘ is Ctrl." }
            }
        }
    }
}
