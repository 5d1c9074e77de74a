use dioxus::prelude::*;
use uuid::Uuid;

use super::delivery_log_button_component::tab_index;
use crate::{
    bases::{browser, ids::MessageId},
    mods::messaging::{
        hooks::{Thread, use_drafts, use_outbox},
        types::{OutgoingState, ThreadEntry},
    },
    ui::{Badge, Button, ButtonSize, Icon, Tone},
};

/// Why a message did not reach the customer, and what can be done about it.
#[component]
pub fn DeliveryError(thread: Thread, entry: ThreadEntry, tab_stop: bool) -> Element {
    let message = entry.message;
    let local = entry.local.is_some();
    let is_news = local || thread.failed_meanwhile(message.id);
    let message_key = message.client_key.unwrap_or(message.id.0);
    let (title, text) = match entry.local {
        Some(OutgoingState::Failed(reason)) => ("Not sent".to_owned(), reason),
        // Not Twilio refused it.
        _ if message.error_code.is_none() => (
            message.status.label().to_owned(),
            message
                .error_message
                .unwrap_or_else(|| "Twilio gave no reason.".to_owned()),
        ),
        _ => (
            message
                .error_message
                .unwrap_or_else(|| message.status.label().to_owned()),
            message
                .error_help
                .unwrap_or_else(|| "Twilio's page about the code says more.".to_owned()),
        ),
    };
    let code = message.error_code;
    let can_be_texted = {
        let conversation = thread.conversation();
        let contact = &conversation.read().contact;
        contact.can_be_texted() && contact.opted_out_at.is_none()
    };
    rsx! {
        // Told when it happens, not whenever the thread is opened.
        div { class: "delivery-error", role: if is_news { "alert" } else { "note" },
            Icon { name: "alert" }
            div { class: "delivery-error__title",
                "{title} "
                if let Some(code) = code {
                    Badge { tone: Tone::Code, "{code}" }
                }
            }
            p { class: "delivery-error__text", "{text}" }
            div { class: "delivery-error__actions",
                if local {
                    RetryLocal { thread, message_key, tab_stop, can_be_texted }
                } else if message.can_retry && can_be_texted {
                    RetrySent { thread, message_key, message_id: message.id, tab_stop }
                }
                if let Some(code) = code {
                    a {
                        class: "link-button",
                        href: "https://www.twilio.com/docs/api/errors/{code}",
                        target: "_blank",
                        rel: "noopener noreferrer",
                        tabindex: tab_index(tab_stop),
                        "About {code}"
                        span { class: "sr-only", " on Twilio" }
                    }
                }
            }
        }
    }
}

/// Tries again to hand the text to the server, as the same send.
#[component]
fn RetryLocal(thread: Thread, message_key: Uuid, tab_stop: bool, can_be_texted: bool) -> Element {
    let (outbox, drafts) = (use_outbox(), use_drafts());
    let retry = move |_| {
        focus_message(message_key);
        outbox.retry(message_key);
    };
    let edit = move |_| {
        if let Some(text) = outbox.take_back(message_key) {
            drafts.put_back(thread.contact_id(), &text);
            browser::focus("#reply");
        }
    };
    rsx! {
        Button {
            size: ButtonSize::Small,
            icon: "refresh",
            tabindex: tab_index(tab_stop),
            onclick: retry,
            "Retry"
        }
        // Without a field to write in, the text stays where it can be read.
        if can_be_texted {
            Button {
                size: ButtonSize::Small,
                icon: "edit",
                tabindex: tab_index(tab_stop),
                onclick: edit,
                "Edit"
            }
        }
    }
}

/// The button goes, and the focus would go with it.
fn focus_message(key: Uuid) {
    browser::focus(&format!("#message-{key}"));
}

/// Sends the message again, as a new attempt.
#[component]
fn RetrySent(thread: Thread, message_key: Uuid, message_id: MessageId, tab_stop: bool) -> Element {
    let mut busy = use_signal(|| false);
    let retry = move |_| async move {
        focus_message(message_key);
        busy.set(true);
        thread.retry(message_id).await;
        busy.set(false);
    };
    rsx! {
        Button {
            size: ButtonSize::Small,
            icon: "refresh",
            busy: busy(),
            tabindex: tab_index(tab_stop),
            onclick: retry,
            "Retry"
        }
    }
}
