use dioxus::prelude::*;

use crate::{
    bases::e164::E164,
    mods::twilio::types::{MAX_SENTENCE, VoiceAnswer},
    ui::Field,
};

/// The kinds of answers that a caller can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerKind {
    /// As the organization's other numbers.
    Organization,
    Say,
    Forward,
}

/// An answer while it is being changed.
#[derive(Clone, Copy, PartialEq)]
pub struct VoiceAnswerDraft {
    kind: Signal<AnswerKind>,
    sentence: Signal<String>,
    to: Signal<String>,
}

impl VoiceAnswerDraft {
    /// Begins with an answer; none is the organization's. A hook.
    pub fn use_of(answer: Option<VoiceAnswer>) -> Self {
        use_hook(|| {
            let (kind, sentence, to) = match answer {
                None => (AnswerKind::Organization, String::new(), String::new()),
                Some(VoiceAnswer::Say { sentence }) => (AnswerKind::Say, sentence, String::new()),
                Some(VoiceAnswer::Forward { to }) => {
                    (AnswerKind::Forward, String::new(), to.to_string())
                }
            };
            Self {
                kind: Signal::new(kind),
                sentence: Signal::new(sentence),
                to: Signal::new(to),
            }
        })
    }

    /// What is chosen; none is the organization's.
    ///
    /// # Errors
    /// What is wrong with it, for a person.
    pub fn answer(self) -> Result<Option<VoiceAnswer>, String> {
        match *self.kind.peek() {
            AnswerKind::Organization => Ok(None),
            AnswerKind::Say => {
                let sentence = self.sentence.peek().trim().to_owned();
                if sentence.is_empty() {
                    return Err("Write the sentence that callers hear.".to_owned());
                }
                Ok(Some(VoiceAnswer::Say { sentence }))
            }
            AnswerKind::Forward => {
                let mut to = self.to.peek().clone();
                to.retain(|one| !matches!(one, ' ' | '-' | '(' | ')' | '.'));
                E164::parse(&to)
                    .map(|to| Some(VoiceAnswer::Forward { to }))
                    .map_err(|_| {
                        "Give the phone with its country code, like +14155550123.".to_owned()
                    })
            }
        }
    }
}

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
                label { key: "{one:?}", class: "radio-card",
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
            Field { id: sentence_id, label: "Sentence",
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
        AnswerKind::Organization => "As other numbers",
        AnswerKind::Say => "Say a sentence",
        AnswerKind::Forward => "Forward the call",
    }
}

fn text_of(kind: AnswerKind) -> &'static str {
    match kind {
        AnswerKind::Organization => "What is set under Calls for all numbers.",
        AnswerKind::Say => "A voice reads it, then hangs up.",
        AnswerKind::Forward => "It rings on another phone.",
    }
}
