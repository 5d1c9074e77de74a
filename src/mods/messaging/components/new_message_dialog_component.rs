use dioxus::prelude::*;
use uuid::Uuid;

use super::{
    from_picker_component::sending_numbers,
    segment_counter_component::{SegmentCounter, is_sendable},
};
use crate::{
    bases::{api_json::ApiJson, browser, ids::PhoneNumberId},
    mods::{
        auth::hooks::use_session,
        messaging::{api::send_message_api, hooks::use_inbox, types::SendMessageIn},
    },
    ui::{Button, ButtonKind, Dialog, Field, FieldError, SelectArrow},
};

const BODY_ID: &str = "new-message-body";

/// Writes to a number, whether or not there is a conversation with it.
#[component]
pub fn NewMessageDialog(open: Signal<bool>) -> Element {
    rsx! {
        Dialog { id: "new-message", title: "New message", open,
            NewMessageForm { open }
        }
    }
}

/// The last try: its contents, and the id under which the server knows it.
#[derive(Clone, PartialEq)]
struct Attempt {
    to: String,
    body: String,
    from: PhoneNumberId,
    client_key: Uuid,
}

#[component]
fn NewMessageForm(open: Signal<bool>) -> Element {
    let (inbox, session, navigator) = (use_inbox(), use_session(), use_navigator());
    let mut to = use_signal(String::new);
    let mut body = use_signal(String::new);
    let mut chosen = use_signal(|| None::<PhoneNumberId>);
    let mut busy = use_signal(|| false);
    let mut error = use_signal(|| None::<String>);
    let mut last = use_signal(|| None::<Attempt>);
    let numbers = sending_numbers(inbox);
    let from = chosen().or(numbers.first().map(|number| number.id));
    let send = move |event: FormEvent| async move {
        event.prevent_default();
        let Some(from) = from.filter(|_| !busy() && is_sendable(&body.peek())) else {
            return;
        };
        busy.set(true);
        error.set(None);
        let attempt = attempt(&last.peek(), to.peek().clone(), body.peek().clone(), from);
        last.set(Some(attempt.clone()));
        match send_message_api(ApiJson(request(attempt))).await {
            Ok(message) => {
                open.set(false);
                navigator.push(format!("/messaging/{}", message.contact_id));
            }
            Err(reason) => {
                session.ended_by(&reason);
                error.set(Some(reason.to_string()));
                busy.set(false);
            }
        }
    };
    rsx! {
        form { aria_label: "New message", onsubmit: send,
            div { class: "dialog__body",
                Field { id: "new-message-to", label: "To",
                    input {
                        class: "input",
                        id: "new-message-to",
                        r#type: "tel",
                        autocomplete: "off",
                        autofocus: true,
                        required: true,
                        placeholder: "(415) 555-0123",
                        value: "{to}",
                        aria_invalid: error.read().is_some().then_some("true"),
                        aria_describedby: error.read().is_some().then_some("new-message-error"),
                        oninput: move |event| to.set(event.value()),
                    }
                }
                Field { id: "new-message-from", label: "From",
                    span { class: "select",
                        select {
                            id: "new-message-from",
                            onchange: move |event| chosen.set(event.value().parse().ok()),
                            for number in numbers {
                                option { key: "{number.id}", value: "{number.id}", selected: Some(number.id) == from,
                                    "{number.friendly_name} {number.shown}"
                                }
                            }
                        }
                        SelectArrow {}
                    }
                }
                Field { id: BODY_ID, label: "Message",
                    textarea {
                        class: "input",
                        id: BODY_ID,
                        rows: "4",
                        required: true,
                        placeholder: "Write a message",
                        value: "{body}",
                        oninput: move |event| body.set(event.value()),
                    }
                    SegmentCounter { field: BODY_ID, text: body() }
                }
                if let Some(message) = error() {
                    FieldError { id: "new-message-error", message }
                }
            }
            div { class: "dialog__foot",
                Button { onclick: move |_| open.set(false), "Cancel" }
                Button {
                    kind: ButtonKind::Primary,
                    icon: "send",
                    r#type: "submit",
                    busy: busy(),
                    disabled: from.is_none() || to.read().trim().is_empty() || !is_sendable(&body.read()),
                    "Send"
                }
            }
        }
    }
}

/// The same contents once more are the same send; others are another.
fn attempt(last: &Option<Attempt>, to: String, body: String, from: PhoneNumberId) -> Attempt {
    match last {
        Some(last) if last.to == to && last.body == body && last.from == from => last.clone(),
        _ => Attempt {
            to,
            body,
            from,
            client_key: browser::random_id(),
        },
    }
}

fn request(attempt: Attempt) -> SendMessageIn {
    SendMessageIn {
        contact_id: None,
        to: Some(attempt.to.trim().to_owned()),
        body: attempt.body.trim().to_owned(),
        phone_number_id: attempt.from,
        client_key: Some(attempt.client_key),
    }
}
