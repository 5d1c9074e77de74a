use dioxus::prelude::*;

use super::plan_view_component::PlanView;
use crate::{
    bases::browser,
    mods::account::{
        TWILIO_FORMS,
        hooks::{PlanDialogState, PlanPhase, use_plan_dialog},
        planned_action::{Confirmation, PlannedAction},
        types::TwilioPlan,
    },
    ui::{
        Button, ButtonKind, ChunkForm, Dialog, EmptyState, Field, FieldError, InChunk, RowSkeleton,
    },
};

/// What an action would do at Twilio, before it is done. One for the whole page.
#[component]
pub fn PlanDialog() -> Element {
    let plan = use_plan_dialog();
    let title = plan.action().map(|action| action.title).unwrap_or_default();
    use_effect(move || {
        if let Some(section) = plan.settled() {
            browser::focus_if_lost(section);
        }
    });
    rsx! {
        Dialog { id: "plan", title, open: plan.open,
            if let Some(action) = plan.action() {
                InChunk { chunk: TWILIO_FORMS, form: ChunkForm::new(open_chunk_twilio_forms, action) }
            }
        }
    }
}

/// The way into the chunk of the forms.
fn open_chunk_twilio_forms(action: PlannedAction) -> Element {
    rsx! {
        PlanBody { action }
    }
}

#[component]
fn PlanBody(action: PlannedAction) -> Element {
    let plan = use_plan_dialog();
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
fn PlanForm(plan: PlanDialogState, action: PlannedAction, shown: TwilioPlan) -> Element {
    let mut open = plan.open;
    let mut typed = use_signal(String::new);
    let wanted = &action.confirmation;
    let is_nothing = shown.changes.is_empty();
    let is_typed = wanted
        .as_ref()
        .is_none_or(|wanted| is_number(wanted, &typed.read()));
    let refusal = plan.refusal();
    rsx! {
        form {
            aria_label: "{action.title}",
            onsubmit: move |event| {
                event.prevent_default();
                plan.confirm(typed.peek().clone());
            },
            // A long plan is scrolled with the keyboard, too.
            div { class: "dialog__body", tabindex: "0",
                PlanView { plan: shown }
                if let Some(wanted) = wanted {
                    if !is_nothing {
                        Field { id: "plan-typed", label: "Type the number to release it",
                            input {
                                class: "input",
                                id: "plan-typed",
                                autocomplete: "off",
                                placeholder: "{wanted.shown}",
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
                        kind: if action.takes_away { ButtonKind::Danger } else { ButtonKind::Primary },
                        r#type: "submit",
                        busy: plan.is_busy(),
                        disabled: !is_typed,
                        "{action.verb}"
                    }
                }
            }
        }
    }
}

/// Whether the number was typed, however it is spaced, with or without its country code.
fn is_number(Confirmation { number, shown }: &Confirmation, typed: &str) -> bool {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    // `+44 20 7946 0188` is `020 7946 0188` at home.
    let at_home = match shown.strip_prefix('+') {
        Some(shown) => shown.split_once(' ').map(|(_, rest)| digits(rest)),
        None => Some(digits(shown)),
    };
    let typed = digits(typed);
    typed == digits(number.as_str())
        || at_home.is_some_and(|home| typed == home || typed.strip_prefix('0') == Some(&*home))
}

#[cfg(test)]
mod tests {
    use super::{Confirmation, is_number};
    use crate::bases::e164::E164;

    fn confirmation(number: &str, shown: &str) -> Confirmation {
        Confirmation {
            number: E164::parse(number).expect("a number"),
            shown: shown.to_owned(),
        }
    }

    #[test]
    fn a_number_is_typed_as_it_is_shown_or_with_its_country_code_and_whole() {
        let number = confirmation("+14155550134", "(415) 555-0134");
        for (typed, is_it) in [
            ("(415) 555-0134", true),
            ("4155550134", true),
            ("+1 415 555 0134", true),
            ("415555013", false),
            ("5550134", false),
            ("+14155550135", false),
            ("", false),
        ] {
            assert_eq!(is_number(&number, typed), is_it, "{typed}");
        }
        let number = confirmation("+442079460188", "+44 20 7946 0188");
        for (typed, is_it) in [
            ("+44 20 7946 0188", true),
            ("020 7946 0188", true),
            ("7946 0188", false),
        ] {
            assert_eq!(is_number(&number, typed), is_it, "{typed}");
        }
    }
}
