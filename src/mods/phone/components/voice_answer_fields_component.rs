use dioxus::prelude::*;

use crate::{
    mods::phone::{
        hooks::VoiceAnswerDraft,
        types::{AnswerKind, MAX_SENTENCE},
    },
    ui::Field,
};

/// Chooses what a caller meets.
#[component]
pub fn VoiceAnswerFields(
    /// What the ids of the fields begin with.
    prefix: &'static str,
    legend: &'static str,
    draft: VoiceAnswerDraft,
    kinds: Vec<AnswerKind>,
) -> Element {
    let VoiceAnswerDraft {
        mut kind,
        mut sentence,
        mut to,
    } = draft;
    let (sentence_id, to_id) = match prefix {
        "number" => ("number-sentence", "number-forward"),
        _ => ("voice-sentence", "voice-forward"),
    };
    rsx! {
        fieldset { class: "radio-cards",
            legend { class: "field__label", "{legend}" }
            for one in kinds {
                label { key: "{one as u8}", class: "radio-card",
                    input {
                        r#type: "radio",
                        name: "{prefix}-answer",
                        checked: kind() == one,
                        onchange: move |_| kind.set(one),
                    }
                    span { class: "radio-card__title", "{title_of(one)}" }
                    span { class: "radio-card__text", "{text_of(one)}" }
                }
            }
        }
        if kind() == AnswerKind::Say {
            Field { id: sentence_id, label: "Message",
                textarea {
                    class: "input",
                    id: sentence_id,
                    rows: "3",
                    required: true,
                    maxlength: "{MAX_SENTENCE}",
                    value: "{sentence}",
                    oninput: move |event| sentence.set(event.value()),
                }
            }
        }
        if kind() == AnswerKind::Forward {
            Field { id: to_id, label: "Forward to",
                input {
                    class: "input",
                    id: to_id,
                    r#type: "tel",
                    autocomplete: "off",
                    required: true,
                    placeholder: "+14155550123",
                    value: "{to}",
                    oninput: move |event| to.set(event.value()),
                }
            }
        }
    }
}

fn title_of(kind: AnswerKind) -> &'static str {
    match kind {
        AnswerKind::Organization => "Same as other numbers",
        AnswerKind::Say => "Play a message",
        AnswerKind::Forward => "Forward the call",
    }
}

fn text_of(kind: AnswerKind) -> &'static str {
    match kind {
        AnswerKind::Organization => "As set under Calls for all numbers.",
        AnswerKind::Say => "A voice reads it, then hangs up.",
        AnswerKind::Forward => "It rings on another phone.",
    }
}
