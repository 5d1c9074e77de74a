use dioxus::prelude::*;

use super::open_conversation_component::OpenConversation;
use crate::{
    bases::{error::AppError, ids::ContactId},
    mods::messaging::hooks::{load_thread, use_inbox},
    ui::{
        Avatar, EmptyState, LoadError, MessageSkeleton, PageState, commit_error_status, hue_of,
        open_page, use_page_data, use_title,
    },
};

/// The conversation with one contact: the thread and the contact's details.
#[component]
pub fn ConversationPane(contact_id: ReadSignal<ContactId>) -> Element {
    rsx! {
        // A list of one: only in a list does another contact make another component.
        for id in [contact_id()] {
            LoadedConversation { key: "{id}", contact_id: id }
        }
    }
}

/// Stands in while a conversation is on its way: whom it is with, the list knows already.
#[component]
fn LoadingConversation(contact_id: ContactId) -> Element {
    let rows = use_inbox().rows();
    let rows = rows.read();
    let contact = rows
        .iter()
        .map(|row| &row.contact)
        .find(|contact| contact.id == contact_id);
    rsx! {
        section {
            class: "pane pane--thread",
            aria_label: "Conversation",
            aria_busy: "true",
            header { class: "thread-head",
                if let Some(contact) = contact {
                    Avatar { initials: contact.initials(), hue: hue_of(contact.id.0) }
                    div { class: "thread-head__who",
                        h2 { class: "thread-head__name", bdi { "{contact.display_name()}" } }
                    }
                }
            }
            MessageSkeleton { label: "Loading the conversation" }
        }
        div { class: "pane pane--contact", aria_hidden: "true" }
    }
}

#[component]
fn LoadedConversation(contact_id: ContactId) -> Element {
    let data = use_page_data(move || load_thread(contact_id))?;
    match data.state() {
        PageState::Loading => rsx! {
            LoadingConversation { contact_id }
        },
        PageState::Ready((conversation, page)) => rsx! {
            OpenConversation { conversation, page }
        },
        PageState::Failed(error) => rsx! {
            ConversationError { error, onretry: move |()| data.restart() }
        },
    }
}

/// Why a conversation is not there, and the way back.
#[component]
fn ConversationError(error: AppError, onretry: EventHandler<()>) -> Element {
    use_title(|| "Conversation · Loquent".to_owned());
    let missing = matches!(error, AppError::NotFound { .. });
    commit_error_status(&error);
    let back = rsx! {
        a {
            class: "button",
            href: "/messaging",
            onclick: move |event| open_page(&event, "/messaging"),
            "Back to the inbox"
        }
    };
    rsx! {
        // The id is where the skip link leads, as it does to the reply of a thread.
        section { class: "pane pane--thread", id: "reply", tabindex: "-1", aria_label: "Conversation",
            if missing {
                EmptyState {
                    title: "Conversation not found",
                    text: "The link may be wrong, or it was deleted.",
                    role: "alert",
                    div { class: "empty-state__actions",
                        {back}
                    }
                }
            } else {
                LoadError { title: "The conversation could not be loaded", error, onretry,
                    {back}
                }
            }
        }
    }
}
