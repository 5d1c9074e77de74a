use dioxus::prelude::*;

use crate::{
    bases::e164::E164,
    mods::phone::types::{AnswerKind, VoiceAnswer},
};

/// An answer while it is being changed.
#[derive(Clone, Copy, PartialEq)]
pub struct VoiceAnswerDraft {
    pub kind: Signal<AnswerKind>,
    pub sentence: Signal<String>,
    pub to: Signal<String>,
}

/// Begins with an answer; none is the organization's.
pub fn use_voice_answer_draft(answer: Option<VoiceAnswer>) -> VoiceAnswerDraft {
    use_hook(|| {
        let (kind, sentence, to) = match answer {
            None => (AnswerKind::Organization, String::new(), String::new()),
            Some(VoiceAnswer::Say { sentence }) => (AnswerKind::Say, sentence, String::new()),
            Some(VoiceAnswer::Forward { to }) => {
                (AnswerKind::Forward, String::new(), to.to_string())
            }
        };
        VoiceAnswerDraft {
            kind: Signal::new(kind),
            sentence: Signal::new(sentence),
            to: Signal::new(to),
        }
    })
}

impl VoiceAnswerDraft {
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
