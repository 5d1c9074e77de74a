use dioxus::prelude::*;

use super::{from_picker_component::sending_numbers, messaging_view::MessagingView};
use crate::{
    entities::states::Role,
    mods::{auth::hooks::use_session, messaging::hooks::use_inbox},
    ui::{Button, ButtonKind, EmptyState, Icon, Kbd, open_page, use_title},
};

/// Stands where a thread would, while none is open.
#[component]
pub fn NoConversationPane() -> Element {
    let inbox = use_inbox();
    let mut view = use_context::<MessagingView>();
    let role = use_session().user().role;
    use_title(move || page_title(inbox.unread(), "Inbox"));
    let can_write = !sending_numbers(inbox).is_empty();
    let can_import =
        inbox.total() == 0 && !inbox.numbers().read().is_empty() && role >= Role::Admin;
    let (title, text) = words(inbox.total() == 0, can_write, can_import);
    rsx! {
        section { class: "pane pane--thread", aria_label: "Conversation",
            EmptyState { title, text,
                if can_write || can_import {
                    div { class: "empty-state__actions",
                        if can_import {
                            a {
                                class: "button button--primary",
                                href: "/settings/twilio",
                                onclick: move |event| open_page(&event, "/settings/twilio"),
                                Icon { name: "import" }
                                "Sync message history"
                            }
                        }
                        if can_write {
                            Button {
                                kind: if can_import { ButtonKind::Plain } else { ButtonKind::Primary },
                                icon: "compose",
                                onclick: move |_| view.composing.set(true),
                                "New message"
                                Kbd { keys: "C" }
                            }
                        }
                    }
                }
                OwnNumbers {}
            }
        }
    }
}

/// What the inbox has instead of a conversation, and what to do about it.
fn words(is_empty: bool, can_write: bool, can_import: bool) -> (&'static str, &'static str) {
    match (is_empty, can_write) {
        (true, _) if can_import => (
            "No conversations yet",
            "Text one of your numbers to try it, or bring in the messages you already have on Twilio. Importing only reads from your account.",
        ),
        (true, true) => (
            "No conversations yet",
            "Text one of your numbers to try it, or write the first message yourself.",
        ),
        (true, false) => (
            "No conversations yet",
            "Your organization has no number yet. Once it has one, its texts show up here.",
        ),
        _ => (
            "No conversation open",
            "Choose one from the list to read and answer it.",
        ),
    }
}

/// The numbers that a customer can text.
#[component]
fn OwnNumbers() -> Element {
    let numbers: Vec<String> = use_inbox()
        .numbers()
        .read()
        .iter()
        .map(|number| number.shown.clone())
        .collect();
    rsx! {
        if !numbers.is_empty() {
            p { class: "empty-state__note subtle num tiny",
                "Your numbers: "
                for (place, number) in numbers.into_iter().enumerate() {
                    if place > 0 {
                        " · "
                    }
                    span { class: "nowrap", "{number}" }
                }
            }
        }
    }
}

/// A title that says how many conversations are unread.
pub fn page_title(unread: i64, name: &str) -> String {
    if unread > 0 {
        format!("({unread}) {name} · Loquent")
    } else {
        format!("{name} · Loquent")
    }
}
