use serde::{Deserialize, Serialize};

use crate::bases::e164::E164;

/// Longest sentence that a caller hears, in characters: about a minute.
pub const MAX_SENTENCE: usize = 600;
/// Longest name of a number, in characters: Twilio's limit of `FriendlyName`.
pub const MAX_NUMBER_NAME: usize = 64;

/// What a caller hears if the number points to Loquent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum VoiceAnswer {
    /// A voice says a sentence, then hangs up.
    Say {
        /// Up to [`MAX_SENTENCE`] characters.
        sentence: String,
    },
    /// The call goes on to another phone.
    Forward { to: E164 },
}

/// What a number answers calls with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NumberVoiceAnswer {
    /// As the organization's other numbers.
    Organization,
    /// Its own sentence.
    Say { sentence: String },
    /// Its own phone to forward to.
    Forward { to: E164 },
}

impl From<Option<VoiceAnswer>> for NumberVoiceAnswer {
    fn from(own: Option<VoiceAnswer>) -> Self {
        match own {
            None => Self::Organization,
            Some(VoiceAnswer::Say { sentence }) => Self::Say { sentence },
            Some(VoiceAnswer::Forward { to }) => Self::Forward { to },
        }
    }
}

impl From<NumberVoiceAnswer> for Option<VoiceAnswer> {
    fn from(answer: NumberVoiceAnswer) -> Self {
        match answer {
            NumberVoiceAnswer::Organization => None,
            NumberVoiceAnswer::Say { sentence } => Some(VoiceAnswer::Say { sentence }),
            NumberVoiceAnswer::Forward { to } => Some(VoiceAnswer::Forward { to }),
        }
    }
}

/// What to change about a number in Loquent: the body of `PUT /api/phones/{id}`. What is left out
/// stays. Nothing is changed at Twilio.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberSettingsIn {
    /// What the organization calls it; up to [`MAX_NUMBER_NAME`] characters.
    #[serde(default)]
    pub friendly_name: Option<String>,
    #[serde(default)]
    pub voice_answer: Option<NumberVoiceAnswer>,
}
