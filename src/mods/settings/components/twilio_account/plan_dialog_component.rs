use dioxus::prelude::*;

use super::plan_view_component::PlanView;
use crate::{
    bases::browser,
    mods::{
        settings::{
            hooks::{PlanDialogState, PlanPhase, use_plan_dialog},
            types::TwilioAction,
        },
        twilio::types::TwilioPlan,
    },
    ui::{Button, ButtonKind, Dialog, EmptyState, Field, FieldError, RowSkeleton},
};

/// What an action would do at Twilio, before it is done. One for the whole page.
#[component]
pub fn PlanDialog() -> Element {
    let plan = use_plan_dialog();
    let title = plan
        .action()
        .map(|action| action.title())
        .unwrap_or_default();
    use_effect(move || {
        if let Some(section) = plan.settled() {
            browser::focus_if_lost(section);
        }
    });
    rsx! {
        Dialog { id: "plan", title, open: plan.open,
            if let Some(action) = plan.action() {
                PlanBody { plan, action }
            }
        }
    }
}

#[component]
fn PlanBody(plan: PlanDialogState, action: TwilioAction) -> Element {
    let mut open = plan.open;
    match plan.phase() {
        PlanPhase::Looking => rsx! {
            div { class: "dialog__body", aria_busy: "true",
                p { class: "muted small", "Asking Twilio how things are. Nothing is changed yet." }
                RowSkeleton { label: "Making the plan" }
            }
            div { class: "dialog__foot",
                Button { onclick: move |_| open.set(false), "Cancel" }
            }
        },
        PlanPhase::Failed(error) => rsx! {
            div { class: "dialog__body",
                EmptyState {
                    title: "This cannot be done now",
                    text: error,
                    compact: true,
                    role: "alert",
                }
            }
            div { class: "dialog__foot",
                Button { onclick: move |_| open.set(false), "Close" }
                Button { icon: "refresh", onclick: move |_| plan.look_again(), "Try again" }
            }
        },
        PlanPhase::Shown(shown) => rsx! {
            PlanForm { plan, action, shown }
        },
    }
}

#[component]
fn PlanForm(plan: PlanDialogState, action: TwilioAction, shown: TwilioPlan) -> Element {
    let mut open = plan.open;
    let mut typed = use_signal(String::new);
    let wanted = action.typed_confirmation();
    let is_nothing = shown.changes.is_empty();
    let is_typed = wanted
        .as_deref()
        .is_none_or(|wanted| digits(wanted).ends_with(&digits(&typed.read())))
        && (wanted.is_none() || digits(&typed.read()).len() >= 7);
    let refusal = plan.refusal();
    rsx! {
        form {
            aria_label: "{action.title()}",
            onsubmit: move |event| {
                event.prevent_default();
                plan.confirm(typed.peek().clone());
            },
            div { class: "dialog__body",
                PlanView { plan: shown }
                if let Some(wanted) = &wanted {
                    if !is_nothing {
                        Field { id: "plan-typed", label: "Type the number to release it",
                            input {
                                class: "input",
                                id: "plan-typed",
                                autocomplete: "off",
                                placeholder: "{wanted}",
                                value: "{typed}",
                                aria_describedby: refusal.is_some().then_some("plan-error"),
                                oninput: move |event| typed.set(event.value()),
                            }
                        }
                    }
                }
                if let Some(message) = refusal.clone() {
                    FieldError { id: "plan-error", message }
                }
            }
            div { class: "dialog__foot",
                if is_nothing {
                    Button { kind: ButtonKind::Primary, onclick: move |_| open.set(false), "Close" }
                } else {
                    Button { onclick: move |_| open.set(false), "Cancel" }
                    if refusal.is_some() {
                        Button { icon: "refresh", onclick: move |_| plan.look_again(), "Look again" }
                    }
                    Button {
                        kind: if action.takes_away() { ButtonKind::Danger } else { ButtonKind::Primary },
                        r#type: "submit",
                        busy: plan.is_busy(),
                        disabled: !is_typed,
                        "{action.verb()}"
                    }
                }
            }
        }
    }
}

/// A number is the same however it is spaced; with or without its country code.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
