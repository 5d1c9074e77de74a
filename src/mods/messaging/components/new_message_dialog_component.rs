use dioxus::prelude::*;

use super::{
    from_picker_component::sending_numbers,
    new_message_to_component::{NewMessageTo, Recipient},
    segment_counter_component::{SegmentCounter, is_sendable},
};
use crate::{
    bases::{api_json::ApiJson, browser, error::AppError, ids::PhoneNumberId},
    mods::{
        auth::hooks::{Session, use_session},
        messaging::{
            api::send_message_api,
            hooks::use_inbox,
            types::{NewMessageDraft, SendMessageIn},
        },
        phone::types::PhoneNumber,
    },
    ui::{Button, ButtonKind, Dialog, Field, FieldError, SelectArrow},
};

const BODY_ID: &str = "new-message-body";
/// What is being written is kept under this name.
const NAME: &str = "new-message";

/// Writes to a number, whether or not there is a conversation with it.
#[component]
pub fn NewMessageDialog(open: Signal<bool>) -> Element {
    rsx! {
        Dialog { id: "new-message", title: "New message", open,
            NewMessageForm { open }
        }
    }
}

/// What is being written. It stays in this browser until it is sent, also if the dialog is closed.
#[derive(Clone, Copy, PartialEq)]
struct Written {
    draft: Signal<NewMessageDraft>,
    session: Session,
}

impl Written {
    fn kept(session: Session) -> Self {
        let kept = session.kept(NAME);
        let draft = kept.and_then(|json| serde_json::from_slice(json.as_bytes()).ok());
        Self {
            draft: Signal::new(draft.unwrap_or_default()),
            session,
        }
    }

    /// Other contents are another send.
    fn change(mut self, change: impl FnOnce(&mut NewMessageDraft)) {
        let written = self;
        let mut draft = self.draft.write();
        change(&mut draft);
        draft.client_key = None;
        written.keep(&draft);
    }

    /// The contents as one send: the same one for as long as they do not change.
    fn send(mut self, from: PhoneNumberId) -> SendMessageIn {
        let written = self;
        let mut draft = self.draft.write();
        let key = *draft.client_key.get_or_insert_with(browser::random_id);
        written.keep(&draft);
        SendMessageIn {
            contact_id: None,
            to: Some(draft.to.trim().to_owned()),
            body: draft.body.trim().to_owned(),
            phone_number_id: from,
            client_key: Some(key),
        }
    }

    fn keep(self, draft: &NewMessageDraft) {
        // It is always JSON.
        if let Ok(json) = serde_json::to_string(draft) {
            self.session.keep(NAME, &json);
        }
    }

    fn forget(self) {
        self.session.forget(NAME);
    }
}

#[component]
fn NewMessageForm(open: Signal<bool>) -> Element {
    let (inbox, session, navigator) = (use_inbox(), use_session(), use_navigator());
    let written = use_hook(|| Written::kept(session));
    let mut busy = use_signal(|| false);
    // What is wrong with the recipient, and with all else.
    let mut refused = use_signal(|| None::<String>);
    let mut error = use_signal(|| None::<String>);
    let numbers = sending_numbers(inbox);
    let draft = (written.draft)();
    let recipient = Recipient::of(inbox, &draft.to);
    // Where the chosen one cannot send any more, a person chooses again.
    let from = match draft.from {
        Some(id) => Some(id).filter(|id| numbers.iter().any(|number| number.id == *id)),
        None => numbers.first().map(|number| number.id),
    };
    let ready = from.is_some()
        && !draft.to.trim().is_empty()
        && recipient.problem(from).is_none()
        && is_sendable(&draft.body);
    let send = move |event: FormEvent| async move {
        event.prevent_default();
        let Some(from) = from.filter(|_| ready && !busy()) else {
            return;
        };
        busy.set(true);
        error.set(None);
        let text = written.send(from);
        let key = text.client_key;
        match send_message_api(ApiJson(text)).await {
            // Something was added meanwhile: it is another text.
            Ok(_) if written.draft.peek().client_key != key => busy.set(false),
            Ok(message) => {
                written.forget();
                open.set(false);
                navigator.push(format!("/messaging/{}", message.contact_id));
            }
            Err(reason) => {
                session.ended_by(&reason);
                match reason {
                    // The text was looked at before.
                    AppError::BadRequest { .. } | AppError::Conflict { .. }
                        if sending_numbers(inbox)
                            .iter()
                            .any(|number| number.id == from) =>
                    {
                        refused.set(Some(reason.to_string()));
                        browser::focus("#new-message-to");
                    }
                    _ => error.set(Some(reason.to_string())),
                }
                busy.set(false);
            }
        }
    };
    rsx! {
        form { aria_label: "New message", onsubmit: send,
            div { class: "dialog__body",
                NewMessageTo {
                    to: draft.to.clone(),
                    problem: refused().or(recipient.problem(from).map(str::to_owned)),
                    recipient: recipient.clone(),
                    oninput: move |to| {
                        refused.set(None);
                        written.change(|draft| draft.to = to);
                    },
                }
                FromField {
                    numbers,
                    from,
                    onchange: move |from| {
                        refused.set(None);
                        written.change(|draft| draft.from = from);
                    },
                }
                BodyField { written }
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
                    aria_keyshortcuts: "Meta+Enter Control+Enter",
                    busy: busy(),
                    disabled: !ready,
                    "Send"
                }
            }
        }
    }
}

/// Which number it is sent from.
#[component]
fn FromField(
    numbers: Vec<PhoneNumber>,
    from: Option<PhoneNumberId>,
    onchange: EventHandler<Option<PhoneNumberId>>,
) -> Element {
    rsx! {
        Field { id: "new-message-from", label: "From",
            span { class: "select",
                select {
                    id: "new-message-from",
                    required: true,
                    onchange: move |event| onchange.call(event.value().parse().ok()),
                    if from.is_none() {
                        option { value: "", selected: true, disabled: true, "Choose a number" }
                    }
                    for number in numbers {
                        option { key: "{number.id}", value: "{number.id}", selected: Some(number.id) == from,
                            "{number.friendly_name} {number.shown}"
                        }
                    }
                }
                SelectArrow {}
            }
        }
    }
}

#[component]
fn BodyField(written: Written) -> Element {
    let body = written.draft.read().body.clone();
    rsx! {
        Field { id: BODY_ID, label: "Message",
            textarea {
                class: "input",
                id: BODY_ID,
                rows: "4",
                dir: "auto",
                required: true,
                placeholder: "Write a message",
                value: "{body}",
                oninput: move |event| written.change(|draft| draft.body = event.value()),
                onkeydown: move |event| {
                    let with = event.modifiers().ctrl() || event.modifiers().meta();
                    if event.key() == Key::Enter && with {
                        event.prevent_default();
                        browser::press("#new-message [type=submit]");
                    }
                },
            }
            SegmentCounter { field: BODY_ID, text: body.clone() }
        }
    }
}
