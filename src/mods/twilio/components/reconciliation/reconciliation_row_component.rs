use dioxus::prelude::*;

use crate::{
    entities::states::ReconciliationState,
    mods::twilio::{
        hooks::Reconciliations,
        types::{NumberReconciliation, Reconciliation},
        utils::reconciliation_words_util,
    },
    ui::{Badge, Banner, Button, ButtonSize, Icon, Tone, use_clock},
};

/// One number: its last event, and what its last reconciliation found.
#[component]
pub fn ReconciliationRow(checks: Reconciliations, number: NumberReconciliation) -> Element {
    let clock = use_clock();
    let id = number.phone_number_id;
    let name = number.friendly_name.clone();
    let check = number.last_check.clone();
    let is_running = check
        .as_ref()
        .is_some_and(|check| check.state == ReconciliationState::Running);
    let repair = number
        .last_repair
        .clone()
        .filter(|repair| check.as_ref().is_some_and(|check| check.id != repair.id));
    let failure = check
        .as_ref()
        .filter(|check| check.state == ReconciliationState::Failed)
        .map(|check| check.error.clone().unwrap_or_default());
    rsx! {
        li { class: "sync-row reconciliation-row",
            div { class: "sync-row__top",
                div { class: "sync-row__who",
                    span { class: "sync-row__name", "{name}" }
                    " "
                    span { class: "sync-row__number", "{number.shown}" }
                }
                StateBadge { check: check.clone() }
                Button {
                    size: ButtonSize::Small,
                    icon: "refresh",
                    busy: is_running || checks.is_asked(Some(id)),
                    onclick: move |_| async move { checks.check(Some(id)).await },
                    "Check now"
                    span { class: "sr-only", ": {name}" }
                }
            }
            p { class: "reconciliation-row__facts",
                span {
                    "Last event: "
                    match number.last_event_at {
                        Some(at) => rsx! {
                            time { datetime: "{at:?}", title: "{clock.exact(at)}", "{clock.day_and_time(at)}" }
                        },
                        None => rsx! { "none yet" },
                    }
                }
                match &check {
                    None => rsx! {
                        span { "Never checked" }
                    },
                    Some(check) => rsx! { LastCheck { check: check.clone() } },
                }
                if let Some(repair) = repair {
                    span {
                        "Last find, {clock.day_and_time(repair.started_at)}: "
                        "{words_of(&repair)}"
                    }
                }
            }
            if let Some(error) = failure {
                Banner { tone: Tone::Danger, icon: "alert", boxed: true, role: "alert",
                    p { "The check did not come to an end. {error}" }
                }
            }
        }
    }
}

fn words_of(check: &Reconciliation) -> String {
    reconciliation_words_util(
        check.checked,
        check.missing,
        check.repaired,
        check.unreadable,
    )
}

#[component]
fn StateBadge(check: Option<Reconciliation>) -> Element {
    match check {
        None => rsx! {},
        Some(check) => match check.state {
            ReconciliationState::Running => rsx! {
                Badge { tone: Tone::Accent, "Checking" }
            },
            ReconciliationState::Failed => rsx! {
                Badge { tone: Tone::Danger, "Failed" }
            },
            ReconciliationState::Done if check.missing > 0 => rsx! {
                Badge { tone: Tone::Warning, "{check.missing} taken in" }
            },
            ReconciliationState::Done if check.unreadable > 0 => rsx! {
                Badge { tone: Tone::Warning, "{check.unreadable} not read" }
            },
            ReconciliationState::Done => rsx! {
                Badge { tone: Tone::Success,
                    Icon { name: "check" }
                    "Complete"
                }
            },
        },
    }
}

#[component]
fn LastCheck(check: Reconciliation) -> Element {
    let clock = use_clock();
    let words = words_of(&check);
    let at = check.finished_at.unwrap_or(check.started_at);
    match check.state {
        ReconciliationState::Running => rsx! {
            span { role: "status",
                "Checking since {check.since}…"
            }
        },
        ReconciliationState::Done => rsx! {
            span { role: "status",
                "{words} "
                time { datetime: "{at:?}", title: "{clock.exact(at)}", "{clock.day_and_time(at)}" }
            }
        },
        ReconciliationState::Failed => rsx! {
            span {
                "Last check: "
                time { datetime: "{at:?}", title: "{clock.exact(at)}", "{clock.day_and_time(at)}" }
            }
        },
    }
}
