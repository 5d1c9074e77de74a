use dioxus::prelude::*;

use super::voice_answer_fields_component::VoiceAnswerFields;
use crate::{
    bases::api_json::ApiJson,
    mods::{
        phone::{api::update_voice_answer_api, types::VoiceAnswer},
        settings::{
            hooks::{use_twilio_account, use_voice_answer_draft},
            types::AnswerKind,
        },
    },
    ui::{Button, ButtonKind, Card, FieldError},
};

/// What callers meet on the numbers whose calls lead here.
#[component]
pub fn VoiceAnswerSection() -> Element {
    let account = use_twilio_account();
    let answer = account.voice_answer();
    rsx! {
        Card {
            id: "calls",
            title: "Calls",
            lede: "What callers hear on numbers whose calls go to Loquent. Saved in Loquent only; nothing changes at Twilio.",
            badge: rsx! {},
            div { class: "card__body",
                if account.can_change() {
                    // Another answer, from another window, begins anew.
                    AnswerForm { key: "{answer:?}", answer }
                } else {
                    p { class: "muted small",
                        match answer {
                            VoiceAnswer::Say { sentence } => rsx! { "A voice says: “{sentence}”" },
                            VoiceAnswer::Forward { to } => rsx! { "Calls are forwarded to {to.display()}." },
                        }
                    }
                }
            }
        }
    }
}

#[component]
fn AnswerForm(answer: VoiceAnswer) -> Element {
    let account = use_twilio_account();
    let draft = use_voice_answer_draft(Some(answer));
    let mut busy = use_signal(|| false);
    let mut error = use_signal(|| None::<String>);
    let submit = move |event: FormEvent| async move {
        event.prevent_default();
        error.set(None);
        let answer = match draft.answer() {
            Ok(Some(answer)) => answer,
            Ok(None) => return,
            Err(message) => {
                error.set(Some(message));
                return;
            }
        };
        busy.set(true);
        let saved = update_voice_answer_api(ApiJson(answer)).await;
        busy.set(false);
        match saved {
            Ok(answer) => {
                account.tell_success("Saved. Callers hear the new answer.");
                account.take_voice_answer(answer);
            }
            Err(reason) => error.set(Some(account.words_of(&reason))),
        }
    };
    rsx! {
        form { class: "stack", aria_label: "Calls", onsubmit: submit,
            VoiceAnswerFields {
                prefix: "voice",
                legend: "When someone calls",
                draft,
                kinds: vec![AnswerKind::Say, AnswerKind::Forward],
            }
            if let Some(message) = error() {
                FieldError { id: "voice-error", message }
            }
            div { class: "cluster",
                Button { kind: ButtonKind::Primary, r#type: "submit", busy: busy(), "Save" }
            }
        }
    }
}
