use dioxus::prelude::*;

use crate::{
    bases::ids::ContactId,
    entities::states::MessageStatus,
    mods::{
        auth::hooks::use_session,
        messaging::{
            hooks::use_drafts,
            types::{Conversation, FileKind, MessageAuthor, TextState},
        },
        phone::types::PhoneNumber,
    },
    ui::{Avatar, CountBadge, Icon, NumberTag, hue_of, open_page, use_clock},
};

/// One conversation in the list: who, what was said last, and what needs attention.
#[component]
pub fn ConversationRow(
    conversation: Conversation,
    number: Option<PhoneNumber>,
    /// It is the open one.
    current: bool,
    /// It is the row that the Tab key reaches.
    tab_stop: bool,
    onfocus: EventHandler<ContactId>,
) -> Element {
    let clock = use_clock();
    let contact = &conversation.contact;
    let id = contact.id;
    let address = format!("/messaging/{id}");
    let at = conversation.last_message_at;
    let unread = conversation.unread_count;
    rsx! {
        li {
            a {
                class: if unread > 0 { "conversation-row is-unread" } else { "conversation-row" },
                href: "{address}",
                aria_current: current.then_some("true"),
                tabindex: if tab_stop { "0" } else { "-1" },
                onfocus: move |_| onfocus.call(id),
                onclick: move |event| open_page(&event, &address),
                Avatar { initials: contact.initials(), hue: hue_of(id.0) }
                span { class: "conversation-row__name", bdi { "{contact.display_name()}" } }
                time { class: "conversation-row__time", datetime: "{at:?}", "{clock.age(at)}" }
                RowText { conversation: conversation.clone(), current }
                if unread > 0 {
                    CountBadge { count: unread.into(), class: "conversation-row__count" }
                }
                span { class: "conversation-row__meta",
                    if let Some(number) = number {
                        NumberTag { name: number.friendly_name, hue: hue_of(number.id.0) }
                    }
                    RowHint { conversation: conversation.clone() }
                }
            }
        }
    }
}

/// What was said last, or what the reader began to say.
#[component]
fn RowText(conversation: Conversation, current: bool) -> Element {
    let drafts = use_drafts();
    let me = use_session().user().id;
    let contact_id = conversation.contact.id;
    let draft = use_memo(move || drafts.of(contact_id));
    if !current && !draft.read().is_empty() {
        return rsx! {
            span { class: "conversation-row__text",
                Icon { name: "edit" }
                span { class: "truncate",
                    span { class: "subtle", "Draft:" }
                    " "
                    bdi { "{draft}" }
                }
            }
        };
    }
    let author = conversation.last_message_author.map(|author| match author {
        MessageAuthor::Person { id, .. } if id == me => "You".to_owned(),
        MessageAuthor::Person { name, .. } => first_name(&name),
        MessageAuthor::AutoReply => "Auto-reply".to_owned(),
        MessageAuthor::Elsewhere => "Sent elsewhere".to_owned(),
    });
    let media = conversation.last_message_num_media > 0;
    let file = conversation.last_message_file.unwrap_or(FileKind::File);
    let text = match (conversation.last_message_preview, media) {
        (Some(text), true) => format!("{} · {text}", file.word()),
        (Some(text), false) => text,
        (None, true) => file.word().to_owned(),
        (None, false) => match conversation.last_message_text {
            TextState::Loading => "Loading text…".to_owned(),
            TextState::Unavailable => "Text not available".to_owned(),
            TextState::Known => "Empty message".to_owned(),
        },
    };
    let icon = match conversation.last_message_status {
        _ if media => Some(file.icon()),
        MessageStatus::Delivered | MessageStatus::Read => Some("checks"),
        MessageStatus::Sent => Some("check"),
        MessageStatus::Queued | MessageStatus::Sending => Some("clock"),
        _ => None,
    };
    rsx! {
        span { class: "conversation-row__text",
            if let Some(name) = icon {
                Icon { name }
            }
            span { class: "truncate",
                if let Some(author) = author {
                    span { class: "subtle", bdi { "{author}:" } }
                    " "
                }
                bdi { "{text}" }
            }
        }
    }
}

/// What needs attention.
#[component]
fn RowHint(conversation: Conversation) -> Element {
    let status = conversation.last_message_status;
    if conversation.contact.opted_out_at.is_some() {
        return rsx! {
            span { class: "conversation-row__hint conversation-row__hint--warning",
                Icon { name: "ban" }
                span { class: "truncate", "Opted out" }
            }
        };
    }
    // Also of texts before the last one, until they are sent again or dismissed.
    let ours = matches!(
        conversation.last_message_author,
        Some(MessageAuthor::Person { .. })
    );
    let words = match (
        conversation.last_message_error_code,
        conversation.undelivered,
    ) {
        (_, 0) if ours || !status.is_failure() => return rsx! {},
        (Some(code), 0..=1) if status.is_failure() => format!("{} · {code}", status.label()),
        (None, 0..=1) if status.is_failure() => status.label().to_owned(),
        (_, count) => format!("{count} not delivered"),
    };
    rsx! {
        span { class: "conversation-row__hint conversation-row__hint--danger",
            Icon { name: "alert" }
            span { class: "truncate", "{words}" }
        }
    }
}

fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or(name).to_owned()
}
