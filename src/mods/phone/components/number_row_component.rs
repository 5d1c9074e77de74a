use dioxus::prelude::*;

use super::capabilities_component::Capabilities;
use crate::{
    mods::{
        account::{hooks::use_plan_dialog, types::NumberHealth},
        phone::{
            number_actions::NumberTask,
            types::{NumberRouting, PhoneNumber, RoutingWords},
            utils::{sms_words_util, voice_words_util},
        },
    },
    ui::{Button, ButtonSize, IconButton},
};

/// One number, and what can be done with it.
#[component]
pub fn NumberRow(
    number: PhoneNumber,
    /// What the last look at Twilio found about it.
    health: Option<NumberHealth>,
    /// Whether event forwarding brings its texts.
    is_forwarded: bool,
    can_change: bool,
    editing: Signal<Option<PhoneNumber>>,
    removing: Signal<Option<PhoneNumber>>,
) -> Element {
    let shown_number = number.shown.clone();
    let sms = sms_words_util(&number, health.as_ref(), is_forwarded);
    let voice = voice_words_util(&number, health.as_ref());
    let sms_task = if number.sms == NumberRouting::Untouched {
        (NumberTask::ConfigureSms, "Configure texts")
    } else {
        (NumberTask::RestoreSms, "Restore texts")
    };
    let voice_task = if number.voice == NumberRouting::Untouched {
        (NumberTask::ConfigureVoice, "Configure voice")
    } else {
        (NumberTask::RestoreVoice, "Restore voice")
    };
    rsx! {
        tr {
            th { scope: "row",
                span { class: "number-name",
                    "{number.friendly_name}"
                    if number.friendly_name != shown_number {
                        span { class: "table__sub num nowrap", "{shown_number}" }
                    }
                }
            }
            td { "data-label": "Can do",
                Capabilities { sms: number.sms_enabled, mms: number.mms_enabled, voice: number.voice_enabled }
            }
            td { "data-label": "Texts",
                if let Some(why) = number.suspended {
                    span { class: "state",
                        span { class: "dot dot--warning" }
                        "Suspended"
                    }
                    span { class: "table__sub", "{why.words()}" }
                } else if number.sms_enabled {
                    Routing { words: sms, task: sms_task, number: number.clone(), can_change }
                } else {
                    span { class: "subtle", "No texts" }
                }
            }
            td { "data-label": "Calls",
                if number.suspended.is_some() {
                    span { class: "subtle", "Suspended" }
                } else if number.voice_enabled {
                    Routing { words: voice, task: voice_task, number: number.clone(), can_change }
                } else {
                    span { class: "subtle", "No voice" }
                }
            }
            if can_change {
                td { class: "cell-actions",
                    Actions { number, editing, removing }
                }
            }
        }
    }
}

/// Where the texts or calls of a number go, and the way to Loquent or back.
#[component]
fn Routing(
    words: RoutingWords,
    task: (NumberTask, &'static str),
    number: PhoneNumber,
    can_change: bool,
) -> Element {
    let name = number.friendly_name.clone();
    let (task, word) = task;
    rsx! {
        div {
            span { class: "state",
                span { class: words.dot }
                "{words.word}"
            }
            if !words.detail.is_empty() {
                span { class: "table__sub", "{words.detail}" }
            }
            if can_change {
                AskButton { class: "link-button", task, number,
                    "{word}"
                    span { class: "sr-only", " of {name}" }
                }
            }
        }
    }
}

#[component]
fn Actions(
    number: PhoneNumber,
    mut editing: Signal<Option<PhoneNumber>>,
    mut removing: Signal<Option<PhoneNumber>>,
) -> Element {
    let name = number.friendly_name.clone();
    let (edited, removed) = (number.clone(), number.clone());
    rsx! {
        div { class: "number-actions",
            IconButton {
                icon: "edit",
                label: "Edit {name}",
                small: true,
                onclick: move |_| editing.set(Some(edited.clone())),
            }
            Button {
                size: ButtonSize::Small,
                onclick: move |_| removing.set(Some(removed.clone())),
                "Remove…"
                span { class: "sr-only", " {name}" }
            }
        }
    }
}

/// Shows the plan of a task.
#[component]
fn AskButton(
    class: &'static str,
    task: NumberTask,
    number: PhoneNumber,
    children: Element,
) -> Element {
    let plan = use_plan_dialog();
    rsx! {
        button {
            class,
            r#type: "button",
            onclick: move |_| plan.ask(task.action(&number)),
            {children}
        }
    }
}
