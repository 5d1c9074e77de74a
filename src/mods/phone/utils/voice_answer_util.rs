use crate::{bases::e164::E164, mods::phone::types::VoiceAnswer};

/// The voice answer in two columns: a sentence, a phone to forward to, or neither.
pub fn voice_answer_util(sentence: Option<&str>, forward_to: Option<&str>) -> Option<VoiceAnswer> {
    // An unreadable number counts as none, so that the caller hears a sentence instead of silence.
    let forward = forward_to.and_then(|number| E164::parse(number).ok());
    let forward = forward.map(|to| VoiceAnswer::Forward { to });
    forward.or_else(|| {
        sentence.map(|sentence| VoiceAnswer::Say {
            sentence: sentence.to_owned(),
        })
    })
}
