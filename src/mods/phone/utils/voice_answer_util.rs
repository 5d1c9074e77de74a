use crate::{bases::e164::E164, mods::phone::types::VoiceAnswer};

/// What two columns say that callers meet: a sentence, a phone to forward to, or neither.
pub fn voice_answer_util(sentence: Option<&str>, forward_to: Option<&str>) -> Option<VoiceAnswer> {
    // A number that cannot be read is none: the caller then hears a sentence instead of silence.
    let forward = forward_to.and_then(|number| E164::parse(number).ok());
    let forward = forward.map(|to| VoiceAnswer::Forward { to });
    forward.or_else(|| {
        sentence.map(|sentence| VoiceAnswer::Say {
            sentence: sentence.to_owned(),
        })
    })
}
