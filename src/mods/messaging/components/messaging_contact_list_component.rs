use dioxus::prelude::*;

use super::{
    conversation_row_component::ConversationRow,
    list_head_component::{ListHead, PANEL_ID, tab_id},
};
use crate::{
    bases::{browser, ids::ContactId},
    mods::messaging::{
        hooks::{ListState, use_inbox},
        types::ConversationFilter,
    },
    ui::{EmptyState, LoadError, RowSkeleton},
};

/// More is loaded when less than this is left below, in pixels: about eight rows.
const LOAD_AHEAD_PX: f64 = 600.0;

/// The conversations, last message first, as they happen.
#[component]
pub fn MessagingContactList(open: ReadSignal<Option<ContactId>>) -> Element {
    let inbox = use_inbox();
    let load_more = move |event: ScrollEvent| {
        let seen = event.scroll_top() + f64::from(event.client_height());
        if f64::from(event.scroll_height()) - seen < LOAD_AHEAD_PX {
            inbox.load_more();
        }
    };
    rsx! {
        section { class: "pane pane--list", aria_label: "Conversation list",
            ListHead {}
            div {
                class: "list-scroll",
                id: PANEL_ID,
                role: "tabpanel",
                aria_labelledby: tab_id(inbox.filter()),
                tabindex: "-1",
                onscroll: load_more,
                match inbox.state() {
                    ListState::Loading => rsx! {
                        RowSkeleton { label: "Loading conversations" }
                    },
                    ListState::Failed(error) => rsx! {
                        LoadError { title: "The list could not be loaded", error, compact: true, onretry: move |()| inbox.reload() }
                    },
                    ListState::Ready | ListState::LoadingMore if inbox.rows().read().is_empty() => rsx! {
                        NoRows {}
                    },
                    ListState::Ready | ListState::LoadingMore => rsx! {
                        Rows { open }
                    },
                }
            }
        }
    }
}

#[component]
fn NoRows() -> Element {
    let (title, text) = match use_inbox().filter() {
        ConversationFilter::All => (
            "No conversations",
            "New texts show up here the moment they arrive.",
        ),
        ConversationFilter::Unread => ("Nothing unread", "Every text has been read."),
    };
    rsx! {
        EmptyState { title, text, compact: true }
    }
}

/// The rows are one stop of the Tab key; arrows move in them.
#[component]
fn Rows(open: ReadSignal<Option<ContactId>>) -> Element {
    let inbox = use_inbox();
    let mut focused = use_signal(|| None::<ContactId>);
    let rows = inbox.rows();
    let rows = rows.read();
    let listed = |id: &ContactId| rows.iter().any(|row| row.contact.id == *id);
    let stop = focused()
        .filter(listed)
        .or(open().filter(listed))
        .or(rows.first().map(|row| row.contact.id));
    rsx! {
        ul {
            aria_label: "Conversations",
            onkeydown: move |event| {
                let step = match event.key() {
                    Key::ArrowDown => 1,
                    Key::ArrowUp => -1,
                    Key::Home => i32::MIN,
                    Key::End => i32::MAX,
                    _ => return,
                };
                event.prevent_default();
                browser::move_focus(".conversation-row", step);
            },
            for row in rows.iter() {
                ConversationRow {
                    key: "{row.id}",
                    conversation: row.clone(),
                    number: inbox.number(row.phone_number_id),
                    current: open() == Some(row.contact.id),
                    tab_stop: stop == Some(row.contact.id),
                    onfocus: move |id| focused.set(Some(id)),
                }
            }
        }
        if inbox.state() == ListState::LoadingMore {
            p { class: "sr-only", role: "status", "Loading more conversations" }
        }
    }
}
