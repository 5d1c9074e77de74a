use dioxus::prelude::*;

use super::{
    delivery_error_component::DeliveryError, delivery_log_button_component::DeliveryLogButton,
    message_media_component::MessageMedia, message_meta_component::MessageMeta,
    message_text_component::MessageText,
};
use crate::{
    entities::states::{MessageDirection, MessageStatus},
    mods::messaging::{
        hooks::Thread,
        types::{Message, OutgoingState, ThreadEntry},
        utils::{is_auto_reply_util, is_blank_util, thread_entry_key},
    },
    ui::{Avatar, AvatarSize, hue_of},
};

/// One message: what it says, and what became of it.
#[component]
pub fn MessageBubble(
    thread: Thread,
    entry: ThreadEntry,
    grouped: bool,
    with_meta: bool,
    /// It is the message that the Tab key reaches.
    tab_stop: bool,
    onfocus: EventHandler<String>,
    /// The number it went through, where that is not the usual one of the thread.
    via: Option<String>,
) -> Element {
    let conversation = thread.conversation();
    let conversation = conversation.read();
    let contact = &conversation.contact;
    let message = &entry.message;
    let inbound = message.direction == MessageDirection::Inbound;
    let failed =
        message.status.is_failure() || matches!(entry.local, Some(OutgoingState::Failed(_)));
    let author = if inbound {
        contact.display_name()
    } else {
        let unnamed = match &message.body {
            Some(body) if is_auto_reply_util(body) => "Auto-reply",
            _ => "Sent elsewhere",
        };
        let name = message.sent_by_name.clone();
        name.unwrap_or_else(|| unnamed.to_owned())
    };
    let side = if inbound {
        "message--in"
    } else {
        "message--out"
    };
    let grouped_class = if grouped { " message--grouped" } else { "" };
    let key = thread_entry_key(&entry);
    let focused = key.clone();
    rsx! {
        li {
            class: "message {side}{grouped_class}",
            id: "message-{key}",
            tabindex: if tab_stop { "0" } else { "-1" },
            onfocusin: move |_| onfocus.call(focused.clone()),
            // Only what the customer says is announced.
            aria_live: (!inbound).then_some("off"),
            if inbound && !grouped {
                Avatar { initials: contact.initials(), hue: hue_of(contact.id.0), size: AvatarSize::Small }
            }
            span { class: "sr-only", "{author}: " }
            div { class: "message__body",
                Bubble { message: message.clone(), author, failed, tab_stop }
                if !with_meta && entry.local.is_none() {
                    DeliveryLogButton { message_id: message.id, at: message.shown_at(), tab_stop, aside: true }
                }
            }
            if with_meta {
                MessageMeta { entry: entry.clone(), via, tab_stop }
            }
            if failed {
                DeliveryError { thread, entry: entry.clone(), tab_stop }
            }
        }
    }
}

#[component]
fn Bubble(message: Message, author: String, failed: bool, tab_stop: bool) -> Element {
    let waiting = matches!(
        message.status,
        MessageStatus::Queued | MessageStatus::Sending
    );
    let look = match () {
        () if failed => " bubble--failed",
        () if waiting => " bubble--queued",
        () => "",
    };
    match (message.body, message.num_media > 0) {
        (Some(body), false) if is_blank_util(&body) => rsx! {
            div { class: "bubble bubble--none{look}", "Empty message" }
        },
        (Some(body), false) => rsx! {
            div { class: "bubble{look}", dir: "auto",
                MessageText { body, links: message.links, tab_stop }
            }
        },
        (body, true) => rsx! {
            MessageMedia {
                attachments: message.attachments,
                count: usize::try_from(message.num_media).unwrap_or(0),
                body,
                links: message.links,
                tab_stop,
                look,
                author,
                at: message.created_at,
            }
        },
        (None, false) if !message.is_loading => rsx! {
            div { class: "bubble bubble--none{look}", "Text not available" }
        },
        (None, false) => rsx! {
            div { class: "bubble bubble--loading", aria_busy: "true",
                span { class: "sr-only", "Loading message text from Twilio" }
                span { class: "skeleton" }
                span { class: "skeleton" }
                span { class: "skeleton" }
            }
        },
    }
}
