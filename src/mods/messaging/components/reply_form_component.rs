use dioxus::prelude::*;
use uuid::Uuid;

use super::{
    from_picker_component::{FROM_ID, FromPicker, open_numbers, why_none_sends},
    segment_counter_component::{SegmentCounter, is_sendable},
};
use crate::{
    bases::{
        browser,
        ids::{ContactId, PhoneNumberId},
    },
    mods::messaging::hooks::{Thread, use_drafts, use_inbox, use_outbox},
    ui::{Button, ButtonKind, Kbd, use_live},
};

/// The id of the field in which a reply is written.
pub const REPLY_ID: &str = "reply";
const FORM_ID: &str = "reply-form";
/// Ends the address that the form is posted to; the key of the send follows.
const KEY_IN_ADDRESS: &str = "/reply?client_key=";

/// Where a reply is written, and what it costs. Until the page is live, it is posted as a form.
#[component]
pub fn ReplyForm(thread: Thread) -> Element {
    let (inbox, outbox, drafts) = (use_inbox(), use_outbox(), use_drafts());
    let live = use_live();
    let reply = use_reply_text(thread);
    let action = use_hook(|| address_of_form(thread.contact_id()));
    let mut chosen = use_signal(|| None::<PhoneNumberId>);
    let contact = thread.conversation().read().contact.clone();
    let numbers = open_numbers(inbox, &contact);
    let usual = thread.conversation().read().phone_number_id;
    let usable = |id: &PhoneNumberId| numbers.iter().any(|number| number.id == *id);
    // Where that number is gone, suspended or closed, a person chooses again.
    let from = chosen().or(usual).filter(usable);
    // It may have been chosen before the page was live.
    use_effect(move || {
        let shown = browser::valid_choice(FROM_ID).and_then(|id| id.parse().ok());
        if shown.is_some() && shown != usual {
            chosen.set(shown);
        }
    });
    let (name, closed) = (contact.display_name(), contact.closed_numbers);
    let send = move || {
        let text = reply.text.peek().clone();
        let body = text.trim().to_owned();
        let Some(from) = from.filter(|_| is_sendable(&body)) else {
            return;
        };
        outbox.send(reply.take_key(), thread.contact_id(), from, body);
        reply.clear();
        // What another window has begun is still to be sent.
        if drafts
            .stored(thread.contact_id())
            .is_none_or(|draft| draft == text)
        {
            drafts.end(thread.contact_id(), &text);
        }
        browser::focus("#reply");
    };
    rsx! {
        form {
            class: "composer",
            id: FORM_ID,
            aria_label: "Reply",
            method: "post",
            action,
            onsubmit: move |event| {
                event.prevent_default();
                send();
            },
            div { class: "composer__top",
                if numbers.is_empty() {
                    span { class: "from-picker subtle", "{why_none_sends(inbox)}" }
                } else {
                    FromPicker { inbox, closed, selected: from, onselect: move |id| chosen.set(Some(id)) }
                }
                SegmentCounter { field: REPLY_ID, text: (reply.text)() }
            }
            label { class: "sr-only", r#for: REPLY_ID,
                "Message to "
                bdi { "{name}" }
            }
            textarea {
                class: "composer__text",
                id: REPLY_ID,
                name: "body",
                rows: "2",
                dir: "auto",
                "autocomplete": "off",
                required: true,
                placeholder: "Write a message",
                "enterkeyhint": "send",
                value: "{reply.text}",
                oninput: move |event| {
                    drafts.set(thread.contact_id(), &event.value());
                    reply.write(event.value());
                },
                onkeydown: move |event| {
                    let newline = event.modifiers().shift() || event.is_composing();
                    if event.key() == Key::Enter && !newline {
                        event.prevent_default();
                        send();
                    }
                },
            }
            div { class: "composer__bar",
                div { class: "composer__end",
                    Kbd { keys: "↵" }
                    Button {
                        kind: ButtonKind::Primary,
                        icon: "send",
                        r#type: "submit",
                        aria_keyshortcuts: "Enter Meta+Enter Control+Enter",
                        disabled: live() && (from.is_none() || !is_sendable(&reply.text.read())),
                        "Send"
                    }
                }
            }
        }
    }
}

/// The address comes from the server with a key, so that a form that is sent twice, or by the
/// browser and then by the page, is one message.
fn address_of_form(contact_id: ContactId) -> String {
    #[cfg(feature = "server")]
    let key = Uuid::new_v4().to_string();
    #[cfg(not(feature = "server"))]
    let key = "";
    format!("/messaging/{contact_id}{KEY_IN_ADDRESS}{key}")
}

/// The text in the field, and how it came there.
#[derive(Clone, Copy, PartialEq)]
struct ReplyText {
    text: Signal<String>,
    /// It was written here, not taken from the draft.
    typed: Signal<bool>,
    /// Nothing was sent since the page was loaded.
    unsent: Signal<bool>,
}

impl ReplyText {
    fn write(mut self, text: String) {
        self.typed.set(true);
        self.text.set(text);
    }

    fn show(mut self, draft: String) {
        self.typed.set(false);
        if *self.text.peek() != draft {
            self.text.set(draft);
        }
    }

    fn clear(self) {
        self.show(String::new());
    }

    /// The id of the next send: at first the one with which the form may have been posted.
    fn take_key(mut self) -> Uuid {
        let first = self.unsent.replace(false);
        let address = browser::attribute(&format!("#{FORM_ID}"), "action");
        address
            .filter(|_| first)
            .and_then(|address| address.rsplit_once('=')?.1.parse().ok())
            .unwrap_or_else(browser::random_id)
    }
}

/// Begins with what was typed before the page was live, else with the draft, and follows what
/// other windows make of the draft until something is written here.
fn use_reply_text(thread: Thread) -> ReplyText {
    let drafts = use_drafts();
    let contact_id = thread.contact_id();
    let reply = ReplyText {
        text: use_signal(String::new),
        typed: use_signal(|| false),
        unsent: use_signal(|| true),
    };
    use_effect(move || {
        let typed = browser::field_text(REPLY_ID);
        if typed.is_empty() {
            return;
        }
        // What is on its way as a form is no draft.
        let is_posted = browser::attribute(&format!("#{FORM_ID}"), "data-submitted").is_some();
        let text = match drafts.stored(contact_id) {
            // The field was empty when somebody began to type: both are kept.
            Some(begun) if !is_posted && begun != typed => format!("{begun}\n{typed}"),
            _ => typed,
        };
        if !is_posted {
            drafts.set(contact_id, &text);
        }
        reply.write(text);
    });
    let mut put_back = use_hook(|| CopyValue::new(drafts.times_put_back()));
    let mut draft_before = use_hook(|| CopyValue::new(String::new()));
    use_effect(move || {
        let draft = drafts.of(contact_id);
        let before = draft_before.replace(draft.clone());
        let is_put_back = put_back.replace(drafts.times_put_back()) != drafts.times_put_back();
        if is_put_back || !*reply.typed.peek() {
            return reply.show(draft);
        }
        let text = reply.text.peek().clone();
        if before.is_empty() || !draft.is_empty() || text.trim().is_empty() {
            return;
        }
        // Another window has sent the draft. Was it what stands here, it is done here, too; what
        // was written here otherwise is still a draft.
        if drafts.has_ended_elsewhere(contact_id, &text) {
            reply.clear();
        } else {
            drafts.set(contact_id, &text);
        }
    });
    reply
}
