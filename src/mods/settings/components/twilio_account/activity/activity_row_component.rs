use dioxus::prelude::*;

use crate::{
    entities::states::{AccountChangeKind, AccountChangeState, ChangeVerb},
    mods::{
        account::{hooks::use_plan_dialog, planned_action::undo_action, types::AccountChange},
        phone::number_actions::NumberTask,
        settings::hooks::use_twilio_account,
    },
    ui::{Badge, Button, ButtonKind, ButtonSize, Tone, When, use_clock},
};

/// One change: when, who, what, and how to take it back.
#[component]
pub fn ActivityRow(change: AccountChange) -> Element {
    let who = change
        .user_name
        .clone()
        .unwrap_or_else(|| "Somebody who left".to_owned());
    // The other summaries say themselves what was done.
    let verb = match change.kind {
        AccountChangeKind::SinkCreated | AccountChangeKind::SubscriptionCreated => " created",
        AccountChangeKind::EventTypeAdded => " added",
        AccountChangeKind::SinkRemoved
        | AccountChangeKind::SubscriptionRemoved
        | AccountChangeKind::EventTypeRemoved => " removed",
        _ => "",
    };
    let removes = change.kind.verb() == ChangeVerb::Remove;
    let was: Vec<String> = change
        .values
        .iter()
        .filter_map(|value| match value.before.as_deref()? {
            // Of a number that is gone, only what it had is worth a line.
            "" if removes => None,
            "" => Some(format!("{} was not set", value.name)),
            before => Some(format!("{} was {before}", value.name)),
        })
        .collect();
    rsx! {
        tr {
            td { class: "nowrap", "data-label": "When",
                When { at: change.created_at }
            }
            td { "data-label": "Who", "{who}" }
            td { "data-label": "Change",
                span {
                    "{change.summary}{verb}"
                    span { class: "table__sub mono", "{change.resource}" }
                    for text in was {
                        span { key: "{text}", class: "table__sub mono was", title: "{text}", "{text}" }
                    }
                    if let Some(error) = &change.error {
                        span { class: "table__sub", "{error}" }
                    }
                }
            }
            td { class: "cell-actions",
                State { change }
            }
        }
    }
}

/// The state of a change, or the button that undoes it.
#[component]
fn State(change: AccountChange) -> Element {
    let (account, plan, clock) = (use_twilio_account(), use_plan_dialog(), use_clock());
    match change.state {
        AccountChangeState::Pending => {
            return rsx! {
                Badge { tone: Tone::Warning, "Outcome not known yet" }
            };
        }
        AccountChangeState::Failed => {
            return rsx! {
                Badge { tone: Tone::Danger, "Failed" }
            };
        }
        AccountChangeState::Done => {}
    }
    if let Some(at) = change.undone_at {
        return rsx! {
            Badge { tone: Tone::Neutral, "Undone {clock.day_and_time(at)}" }
        };
    }
    if change.undo_of.is_some() {
        return rsx! {
            Badge { tone: Tone::Neutral, "Undid an earlier change" }
        };
    }
    if !account.can_change() {
        return rsx! {};
    }
    // Buying is undone by a release, which has a plan and a confirmation of its own.
    let bought = change
        .phone_number_id
        .filter(|_| change.kind == AccountChangeKind::NumberBought)
        .and_then(|id| account.numbers().into_iter().find(|number| number.id == id));
    if let Some(number) = bought {
        return rsx! {
            Button {
                kind: ButtonKind::Danger,
                size: ButtonSize::Small,
                onclick: move |_| plan.ask(NumberTask::Release.action(&number)),
                "Release…"
                span { class: "sr-only", " {change.summary}" }
            }
        };
    }
    if !change.can_undo {
        return rsx! {};
    }
    let summary = change.summary.clone();
    rsx! {
        Button {
            size: ButtonSize::Small,
            icon: "undo",
            onclick: move |_| plan.ask(undo_action(&change)),
            "Undo"
            span { class: "sr-only", " {summary}" }
        }
    }
}
