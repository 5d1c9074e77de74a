use dioxus::prelude::*;

use super::{
    delivery_log_button_component::DeliveryLogButton, source_badge_component::SourceBadge,
    tick_component::Tick,
};
use crate::{
    bases::e164::display_phone,
    entities::states::{MessageDirection, MessageSource},
    mods::messaging::types::ThreadEntry,
    ui::use_clock,
};

/// Below a bubble: who sent it, when, how we know it, and how far it came.
#[component]
pub fn MessageMeta(entry: ThreadEntry, via: Option<String>, tab_stop: bool) -> Element {
    let clock = use_clock();
    let message = &entry.message;
    let at = message.shown_at();
    let foreign = message
        .source
        .filter(|source| *source != MessageSource::Loquent);
    rsx! {
        div { class: "message__meta",
            if let Some(name) = &message.sent_by_name {
                bdi { "{name}" }
                Separator {}
            }
            time { datetime: "{at:?}", title: "{clock.day_and_time(at)}", "{clock.time_of_day(at)}" }
            if let Some(source) = foreign {
                Separator {}
                SourceBadge { source }
            }
            if let Some(via) = via {
                Separator {}
                "via "
                bdi { "{via}" }
            }
            if let Some(reason) = &message.delay_reason {
                Separator {}
                "waits: {reason}"
            }
            if !message.also_to.is_empty() {
                Separator {}
                "group text, also to {others(&message.also_to)}"
            }
            if message.attempt > 1 {
                Separator {}
                "attempt {message.attempt}"
            }
            Separator {}
            if entry.local.is_some() {
                Tick { status: message.status, local: entry.local.clone() }
            } else {
                DeliveryLogButton { message_id: message.id, at, tab_stop,
                    if message.direction == MessageDirection::Outbound {
                        Tick { status: message.status, is_checking: message.is_checking }
                    }
                }
            }
        }
    }
}

#[component]
fn Separator() -> Element {
    rsx! {
        span { class: "sep", aria_hidden: "true" }
    }
}

fn others(numbers: &[String]) -> String {
    let shown: Vec<String> = numbers.iter().map(|number| display_phone(number)).collect();
    shown.join(", ")
}
