use dioxus::prelude::*;

use crate::mods::{phone::components::VoiceAnswerCard, settings::hooks::use_twilio_account};

/// What callers hear on the numbers whose calls go to Loquent.
#[component]
pub fn VoiceAnswerSection() -> Element {
    let account = use_twilio_account();
    rsx! {
        VoiceAnswerCard {
            answer: account.voice_answer(),
            can_change: account.can_change(),
            onsaved: move |answer| account.take_voice_answer(answer),
        }
    }
}
