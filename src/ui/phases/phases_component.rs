use dioxus::prelude::*;

use crate::ui::percent::Percent;

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StepState {
    Pending,
    /// Under way: how much of it is done, from 0 to 1, where that is known.
    Current(Option<f64>),
    Done,
    Failed,
}

/// The named steps of something long.
#[component]
pub fn Phases(
    /// Of what.
    label: String,
    steps: Vec<(&'static str, StepState)>,
) -> Element {
    rsx! {
        ol { class: "phases", aria_label: "{label}",
            for (name, state) in steps {
                Phase { key: "{name}", name, state }
            }
        }
    }
}

#[component]
fn Phase(name: &'static str, state: StepState) -> Element {
    let (class, value, spoken) = match state {
        StepState::Pending => ("phase", None, ""),
        StepState::Current(None) => ("phase is-current is-unknown", None, ""),
        StepState::Current(Some(share)) => ("phase is-current", Some(share), ""),
        StepState::Done => ("phase is-done", None, ", complete"),
        StepState::Failed => ("phase is-failed", None, ", stopped here"),
    };
    let now = matches!(state, StepState::Current(_) | StepState::Failed);
    let percent = value.map(Percent::of);
    rsx! {
        li {
            class,
            "data-tens": percent.map(Percent::tens),
            "data-ones": percent.map(Percent::ones),
            aria_current: now.then_some("step"),
            "{name}"
            if !spoken.is_empty() {
                span { class: "sr-only", "{spoken}" }
            }
        }
    }
}
