use dioxus::prelude::*;
use futures::future::LocalBoxFuture;

use super::voice_answer_fields_component::VoiceAnswerFields;
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::{
        account::TWILIO_FORMS,
        auth::hooks::use_outcomes,
        phone::{
            api::update_voice_answer_api,
            hooks::use_voice_answer_draft,
            types::{AnswerKind, VoiceAnswer},
        },
    },
    ui::{Button, ButtonKind, Card, FieldError, call_in_chunk},
};

/// What callers hear on the numbers whose calls go to Loquent.
#[component]
pub fn VoiceAnswerCard(
    answer: VoiceAnswer,
    can_change: bool,
    onsaved: EventHandler<VoiceAnswer>,
) -> Element {
    let key = match &answer {
        VoiceAnswer::Say { sentence } => sentence.clone(),
        VoiceAnswer::Forward { to } => to.to_string(),
    };
    rsx! {
        Card {
            id: "calls",
            title: "Calls",
            lede: "What callers hear on numbers whose calls go to Loquent. Saved in Loquent only; nothing changes at Twilio.",
            badge: rsx! {},
            div { class: "card__body",
                if can_change {
                    // Another answer, from another window, starts over.
                    AnswerForm { key: "{key}", answer, onsaved }
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
fn AnswerForm(answer: VoiceAnswer, onsaved: EventHandler<VoiceAnswer>) -> Element {
    let outcomes = use_outcomes();
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
        let saved = call_in_chunk(TWILIO_FORMS, open_chunk_twilio_forms, answer).await;
        busy.set(false);
        match saved.unwrap_or(Err(AppError::Unavailable)) {
            Ok(answer) => {
                outcomes.tell_success("Saved. Callers hear the new answer.");
                onsaved.call(answer);
            }
            Err(reason) => error.set(Some(outcomes.words_of(&reason))),
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

/// What the form sends is in the chunk of the forms.
fn open_chunk_twilio_forms(
    answer: VoiceAnswer,
) -> LocalBoxFuture<'static, Result<VoiceAnswer, AppError>> {
    Box::pin(update_voice_answer_api(ApiJson(answer)))
}
