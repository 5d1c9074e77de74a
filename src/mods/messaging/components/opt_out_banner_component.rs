use dioxus::prelude::*;

use crate::{
    mods::messaging::hooks::Thread,
    ui::{Banner, Tone, use_clock},
};

/// The id of the reason why nothing can be sent.
pub const OPT_OUT_ID: &str = "optout-reason";

/// Says that the contact wants no texts, while that is so.
#[component]
pub fn OptOutBanner(thread: Thread) -> Element {
    let clock = use_clock();
    let conversation = thread.conversation();
    let conversation = conversation.read();
    let Some(at) = conversation.contact.opted_out_at else {
        return rsx! {};
    };
    let name = conversation.contact.display_name();
    rsx! {
        Banner { tone: Tone::Warning, icon: "ban", id: OPT_OUT_ID,
            p { class: "banner__title", bdi { "{name}" } " opted out of texts · {clock.day_and_time(at)}" }
            p { class: "subtle", "You can text them again once they send START." }
        }
    }
}
