use dioxus::prelude::*;

use super::voice_answer_fields_component::VoiceAnswerFields;
use crate::{
    bases::api_json::ApiJson,
    mods::{
        account::{TWILIO_FORMS, hooks::use_plan_dialog},
        auth::hooks::use_outcomes,
        phone::{
            api::update_phone_api,
            hooks::use_voice_answer_draft,
            number_actions::NumberTask,
            types::{AnswerKind, MAX_NUMBER_NAME, NumberSettingsIn, PhoneNumber},
        },
    },
    ui::{Button, ButtonKind, ChunkForm, Dialog, Field, FieldError, InChunk, use_dialog_about},
};

/// Changes what a number is called and what its callers hear. Nothing is changed at Twilio.
#[component]
pub fn NumberDialog(
    editing: Signal<Option<PhoneNumber>>,
    onchanged: EventHandler<PhoneNumber>,
) -> Element {
    let open = use_dialog_about(editing);
    let title = editing
        .read()
        .as_ref()
        .map(|number| format!("Edit {}", number.shown))
        .unwrap_or_default();
    rsx! {
        Dialog { id: "edit-number", title, open,
            if let Some(number) = editing() {
                InChunk {
                    key: "{number.id}",
                    chunk: TWILIO_FORMS,
                    form: ChunkForm::new(open_chunk_twilio_forms, (number, open, onchanged)),
                }
            }
        }
    }
}

/// The way into the chunk of the forms.
fn open_chunk_twilio_forms(
    (number, open, onchanged): (PhoneNumber, Signal<bool>, EventHandler<PhoneNumber>),
) -> Element {
    rsx! {
        NumberForm { number, open, onchanged }
    }
}

#[component]
fn NumberForm(
    number: PhoneNumber,
    mut open: Signal<bool>,
    onchanged: EventHandler<PhoneNumber>,
) -> Element {
    let (outcomes, plan) = (use_outcomes(), use_plan_dialog());
    let name = use_signal(|| number.friendly_name.clone());
    let draft = use_voice_answer_draft(number.voice_answer.clone());
    let mut busy = use_signal(|| false);
    let mut error = use_signal(|| None::<String>);
    let release = NumberTask::Release.action(&number);
    let can_release = number.suspended.is_none();
    let id = number.id;
    let has_voice = number.voice_enabled;
    let submit = move |event: FormEvent| async move {
        event.prevent_default();
        error.set(None);
        let voice_answer = match draft.answer() {
            Ok(answer) => has_voice.then(|| answer.into()),
            Err(message) => {
                error.set(Some(message));
                return;
            }
        };
        busy.set(true);
        let settings = NumberSettingsIn {
            friendly_name: Some(name.peek().trim().to_owned()),
            voice_answer,
        };
        match update_phone_api(id, ApiJson(settings)).await {
            Ok(changed) => {
                outcomes.tell_success(format!("{} is saved.", changed.friendly_name));
                open.set(false);
                onchanged.call(changed);
            }
            Err(reason) => {
                error.set(Some(outcomes.words_of(&reason)));
                busy.set(false);
            }
        }
    };
    rsx! {
        form { aria_label: "Edit number", onsubmit: submit,
            div { class: "dialog__body",
                NameField { name, wrong: error.read().is_some() }
                if has_voice {
                    VoiceAnswerFields {
                        prefix: "number",
                        legend: "When someone calls",
                        draft,
                        kinds: vec![AnswerKind::Organization, AnswerKind::Say, AnswerKind::Forward],
                    }
                }
                p { class: "subtle small", "Saved in Loquent only. Nothing changes at Twilio." }
                if let Some(message) = error() {
                    FieldError { id: "number-error", message }
                }
            }
            div { class: "dialog__foot",
                // Of an account that is not the present one nothing can be given back.
                if can_release {
                    span { class: "at-start",
                        Button {
                            kind: ButtonKind::Danger,
                            onclick: move |_| {
                                open.set(false);
                                plan.ask(release.clone());
                            },
                            "Release…"
                        }
                    }
                }
                Button { onclick: move |_| open.set(false), "Cancel" }
                Button {
                    kind: ButtonKind::Primary,
                    r#type: "submit",
                    busy: busy(),
                    disabled: name.read().trim().is_empty(),
                    "Save"
                }
            }
        }
    }
}

#[component]
fn NameField(mut name: Signal<String>, wrong: bool) -> Element {
    rsx! {
        Field { id: "number-name", label: "Name",
            input {
                class: "input",
                id: "number-name",
                autocomplete: "off",
                autofocus: true,
                required: true,
                maxlength: "{MAX_NUMBER_NAME}",
                value: "{name}",
                aria_invalid: wrong.then_some("true"),
                aria_describedby: wrong.then_some("number-error"),
                oninput: move |event| name.set(event.value()),
            }
        }
    }
}
