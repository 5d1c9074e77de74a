use dioxus::prelude::*;

use super::{
    from_picker_component::{FromPicker, sending_numbers, why_none_sends},
    opt_out_banner_component::OPT_OUT_ID,
    segment_counter_component::{SegmentCounter, is_sendable},
};
use crate::{
    bases::{
        browser,
        ids::PhoneNumberId,
        realtime::{ConnectionState, RealtimeContext},
    },
    mods::messaging::hooks::{Thread, use_drafts, use_inbox, use_outbox},
    ui::{Button, ButtonKind, Icon, Kbd, use_live},
};

const REPLY_ID: &str = "reply";

/// Where a reply is written. Sending shows it at once, and never waits for an answer.
#[component]
pub fn Composer(thread: Thread) -> Element {
    let connection = use_context::<RealtimeContext>().connection;
    let lost = matches!(
        connection(),
        ConnectionState::Reconnecting | ConnectionState::Offline
    );
    let opted_out = thread.conversation().read().contact.opted_out_at.is_some();
    rsx! {
        div { class: "dock",
            if lost && !opted_out {
                p { class: "dock-note", role: "status",
                    Icon { name: "clock" }
                    "Connection lost. Messages you send wait here and go out once it is back."
                }
            }
            if opted_out {
                BlockedComposer { thread }
            } else {
                ReplyForm { thread }
            }
        }
    }
}

/// Stands in for the form while the contact wants no texts.
#[component]
fn BlockedComposer(thread: Thread) -> Element {
    let name = thread.conversation().read().contact.display_name();
    rsx! {
        form { class: "composer composer--blocked", aria_label: "Reply",
            div { class: "composer__top",
                span { class: "from-picker subtle",
                    Icon { name: "lock" }
                    "Texting is off for this contact"
                }
            }
            label { class: "sr-only", r#for: REPLY_ID, "Message to {name}" }
            textarea {
                class: "composer__text",
                id: REPLY_ID,
                rows: "2",
                disabled: true,
                aria_describedby: OPT_OUT_ID,
                placeholder: "{name} can turn texts back on by sending START.",
            }
            div { class: "composer__bar",
                div { class: "composer__end",
                    Button { kind: ButtonKind::Primary, icon: "ban", disabled: true, "Send" }
                }
            }
        }
    }
}

#[component]
fn ReplyForm(thread: Thread) -> Element {
    let (inbox, outbox, drafts) = (use_inbox(), use_outbox(), use_drafts());
    let live = use_live();
    let text = use_reply_text(thread);
    let mut chosen = use_signal(|| None::<PhoneNumberId>);
    let closed = thread.conversation().read().contact.closed_numbers.clone();
    let mut numbers = sending_numbers(inbox);
    numbers.retain(|number| !closed.contains(&number.id));
    let usual = thread.conversation().read().phone_number_id;
    let usable = |id: &PhoneNumberId| numbers.iter().any(|number| number.id == *id);
    let from = chosen()
        .filter(usable)
        .or(usual.filter(usable))
        .or(numbers.first().map(|number| number.id));
    let name = thread.conversation().read().contact.display_name();
    let send = move || {
        let body = text.text.peek().trim().to_owned();
        let Some(from) = from.filter(|_| is_sendable(&body)) else {
            return;
        };
        outbox.send(thread.contact_id(), from, body);
        text.set(String::new());
        drafts.set(thread.contact_id(), "");
        browser::focus("#reply");
    };
    rsx! {
        form {
            class: "composer",
            aria_label: "Reply",
            onsubmit: move |event| {
                event.prevent_default();
                send();
            },
            div { class: "composer__top",
                match from {
                    Some(selected) => rsx! {
                        FromPicker { inbox, closed, selected, onselect: move |id| chosen.set(Some(id)) }
                    },
                    None => rsx! {
                        span { class: "from-picker subtle", "{why_none_sends(inbox)}" }
                    },
                }
                SegmentCounter { field: REPLY_ID, text: (text.text)() }
            }
            label { class: "sr-only", r#for: REPLY_ID, "Message to {name}" }
            textarea {
                class: "composer__text",
                id: REPLY_ID,
                rows: "2",
                placeholder: "Write a message",
                "enterkeyhint": "send",
                value: "{text.text}",
                oninput: move |event| {
                    drafts.set(thread.contact_id(), &event.value());
                    text.set(event.value());
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
                        disabled: !live() || from.is_none() || !is_sendable(&text.text.read()),
                        "Send"
                    }
                }
            }
        }
    }
}

/// The text in the field, and whether it has been written since the page opened.
#[derive(Clone, Copy, PartialEq)]
struct ReplyText {
    text: Signal<String>,
    touched: Signal<bool>,
}

impl ReplyText {
    fn set(mut self, text: String) {
        self.touched.set(true);
        self.text.set(text);
    }
}

/// Begins with what was typed before the page was live, else with the draft.
fn use_reply_text(thread: Thread) -> ReplyText {
    let drafts = use_drafts();
    let reply = ReplyText {
        text: use_signal(String::new),
        touched: use_signal(|| false),
    };
    use_effect(move || {
        let draft = drafts.of(thread.contact_id());
        if *reply.touched.peek() {
            return;
        }
        let typed = browser::field_text(REPLY_ID);
        let begun = if typed.is_empty() { draft } else { typed };
        if !begun.is_empty() {
            reply.set(begun);
        }
    });
    reply
}
