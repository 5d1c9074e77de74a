use dioxus::prelude::*;

use super::plan_headline::plan_headline;
use crate::{
    entities::states::ChangeVerb,
    mods::account::types::{PlannedChange, TwilioPlan, ValueChange},
    ui::{Badge, Banner, Icon, Tone},
};

/// A plan: what would be done, value by value, what stays, and what to know before.
#[component]
pub fn PlanView(plan: TwilioPlan) -> Element {
    let headline = plan_headline(&plan.changes);
    rsx! {
        div { class: "plan", role: "group", aria_labelledby: "plan-headline",
            div { class: "plan__head", role: "status",
                strong { id: "plan-headline", "{headline}" }
                Badge { tone: Tone::Neutral, "Dry run, just now" }
            }
            ul { class: "plan__list",
                for (place, change) in plan.changes.into_iter().enumerate() {
                    ChangeLine { key: "{place}", change }
                }
                for (place, sentence) in plan.untouched.into_iter().enumerate() {
                    li { key: "stays-{place}",
                        Icon { name: "minus" }
                        span { class: "muted", "{sentence}" }
                    }
                }
            }
        }
        for (place, warning) in plan.warnings.into_iter().enumerate() {
            Banner { key: "{place}", tone: Tone::Warning, icon: "alert-triangle", boxed: true,
                p { "{warning}" }
            }
        }
    }
}

#[component]
fn ChangeLine(change: PlannedChange) -> Element {
    let (class, icon, word) = match change.verb {
        ChangeVerb::Create => ("add", "plus", "Create: "),
        ChangeVerb::Change => ("change", "edit", "Change: "),
        ChangeVerb::Remove => ("remove", "trash", "Remove: "),
    };
    rsx! {
        li { class,
            Icon { name: icon }
            div {
                span { class: "sr-only", "{word}" }
                "{change.summary}"
                span { class: "table__sub mono", "{change.resource}" }
                if !change.values.is_empty() {
                    dl { class: "plan__values",
                        for value in change.values.into_iter().filter(differs) {
                            Value { key: "{value.name}", value }
                        }
                    }
                }
            }
        }
    }
}

#[component]
fn Value(value: ValueChange) -> Element {
    rsx! {
        div {
            dt {
                code { "{value.name}" }
            }
            dd {
                "{shown(value.before.as_deref())} → "
                span { class: "sr-only", "becomes " }
                strong { "{shown(value.after.as_deref())}" }
            }
        }
    }
}

fn shown(value: Option<&str>) -> &str {
    value.filter(|value| !value.is_empty()).unwrap_or("none")
}

/// Nobody needs to read what stays.
fn differs(value: &ValueChange) -> bool {
    shown(value.before.as_deref()) != shown(value.after.as_deref())
}
