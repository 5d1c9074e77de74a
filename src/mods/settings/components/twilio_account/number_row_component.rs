use dioxus::prelude::*;

use super::capabilities_component::Capabilities;
use crate::{
    mods::{
        settings::{
            hooks::{use_plan_dialog, use_twilio_account},
            types::{NumberTask, RoutingWords, TwilioAction},
            utils::{sms_words_util, voice_words_util},
        },
        twilio::types::{NumberRouting, PhoneNumber},
    },
    ui::{Button, ButtonKind, ButtonSize},
};

/// One number, and what can be done with it.
#[component]
pub fn NumberRow(number: PhoneNumber, mut editing: Signal<Option<PhoneNumber>>) -> Element {
    let account = use_twilio_account();
    let health = account.number_health(number.id);
    let sms = sms_words_util(&number, health.as_ref(), account.is_forwarded());
    let voice = voice_words_util(&number, health.as_ref());
    rsx! {
        tr {
            th { scope: "row",
                span {
                    "{number.friendly_name}"
                    span { class: "table__sub num", "{number.number.display()}" }
                }
            }
            td { "data-label": "Can do",
                Capabilities { sms: number.sms_enabled, mms: number.mms_enabled, voice: number.voice_enabled }
            }
            td { "data-label": "Texts",
                if number.sms_enabled {
                    Routing { words: sms }
                } else {
                    span { class: "subtle", "No texts" }
                }
            }
            td { "data-label": "Calls",
                if number.voice_enabled {
                    Routing { words: voice }
                } else {
                    span { class: "subtle", "No voice" }
                }
            }
            if account.can_change() {
                td { class: "cell-actions",
                    Actions { number, editing }
                }
            }
        }
    }
}

#[component]
fn Routing(words: RoutingWords) -> Element {
    rsx! {
        span {
            span { class: "state",
                span { class: words.dot }
                "{words.word}"
            }
            if !words.detail.is_empty() {
                span { class: "table__sub", "{words.detail}" }
            }
        }
    }
}

#[component]
fn Actions(number: PhoneNumber, mut editing: Signal<Option<PhoneNumber>>) -> Element {
    let plan = use_plan_dialog();
    let name = number.friendly_name.clone();
    let voice = if number.voice == NumberRouting::Untouched {
        (NumberTask::ConfigureVoice, "Configure voice")
    } else {
        (NumberTask::RestoreVoice, "Restore voice")
    };
    let sms = if number.sms == NumberRouting::Untouched {
        (NumberTask::ConfigureSms, "Configure texts")
    } else {
        (NumberTask::RestoreSms, "Restore texts")
    };
    let tasks = [
        (number.voice_enabled, voice),
        (number.sms_enabled, sms),
        (true, (NumberTask::Release, "Release…")),
    ];
    let edited = number.clone();
    let ask = move |task| {
        plan.ask(TwilioAction::Number {
            task,
            id: number.id,
            name: number.friendly_name.clone(),
            number: number.number.clone(),
        });
    };
    rsx! {
        div { class: "number-actions",
            // By place, so that the focus stays where Configure becomes Restore.
            for (place, (shown, (task, word))) in tasks.into_iter().enumerate() {
                if shown {
                    TaskButton { key: "{place}", task, word, name: name.clone(), ask: ask.clone() }
                }
            }
            Button {
                size: ButtonSize::Small,
                icon: "edit",
                onclick: move |_| editing.set(Some(edited.clone())),
                "Edit"
                span { class: "sr-only", " {name}" }
            }
        }
    }
}

#[component]
fn TaskButton(
    task: NumberTask,
    word: &'static str,
    name: String,
    ask: EventHandler<NumberTask>,
) -> Element {
    rsx! {
        Button {
            kind: if task == NumberTask::Release { ButtonKind::Danger } else { ButtonKind::Plain },
            size: ButtonSize::Small,
            onclick: move |_| ask.call(task),
            "{word}"
            span { class: "sr-only", " of {name}" }
        }
    }
}
