use dioxus::prelude::*;

use super::since_field_component::{SinceField, read_since};
use crate::{
    entities::states::ImportState,
    mods::twilio::hooks::ImportRuns,
    ui::{Button, ButtonKind, ProgressBar, figures},
};

/// What the rows need of the field above them: what is wrong with it.
#[derive(Clone, Copy, PartialEq)]
pub struct SinceError(pub Signal<Option<String>>);

/// Syncs all numbers, and shows how far they are together.
#[component]
pub fn ImportAll(syncs: ImportRuns, can_sync: bool) -> Element {
    let SinceError(error) = use_context();
    let (_, sum) = syncs.together();
    let shows_sum = sum.running + sum.done + sum.stopped > 0;
    if !can_sync && !shows_sum {
        return rsx! {
            ReadOnly {}
        };
    }
    rsx! {
        if !can_sync {
            ReadOnly {}
        }
        div { class: "card__section sync-controls",
            if can_sync {
                SinceField { error }
                Button {
                    kind: ButtonKind::Primary,
                    icon: "import",
                    busy: syncs.is_asked_any(),
                    onclick: move |_| {
                        if let Some(since) = read_since(error) {
                            syncs.sync_all(since);
                        }
                    },
                    "Sync All Numbers"
                }
            }
            if shows_sum {
                Sum { syncs }
            }
        }
    }
}

/// Why nothing can be started here.
#[component]
fn ReadOnly() -> Element {
    rsx! {
        p { class: "card__section muted small",
            "View only. Ask an admin to start or stop imports."
        }
    }
}

/// The runs that go on together, or did.
#[component]
fn Sum(syncs: ImportRuns) -> Element {
    let (numbers, sum) = syncs.together();
    let whose = match numbers.as_slice() {
        [number] => number.number.friendly_name.clone(),
        _ if numbers.len() == syncs.numbers().len() => "All numbers".to_owned(),
        _ => format!("{} numbers", numbers.len()),
    };
    let ended = match (sum.running, sum.stopped) {
        (1.., _) => String::new(),
        (0, 0) => ": done".to_owned(),
        (0, _) => " stopped. See why.".to_owned(),
    };
    let stopped = numbers.iter().filter(|number| {
        number
            .last_sync
            .as_ref()
            .is_some_and(|last| matches!(last.state, ImportState::Failed | ImportState::Cancelled))
    });
    let stopped: Vec<_> = stopped
        .map(|number| number.number.friendly_name.clone())
        .collect();
    let is_stopped = sum.running == 0 && sum.stopped > 0;
    let whose = if is_stopped {
        stopped.join(", ")
    } else {
        whose
    };
    rsx! {
        div { class: "sync-sum",
            div { class: "spread",
                span { class: if is_stopped { "sync-sum__stopped" } else { "muted" }, "{whose}{ended}" }
                span {
                    b { "{figures(sum.fetched)}" }
                    " fetched · "
                    b { "{figures(sum.new_count)}" }
                    " new"
                    if sum.media_downloaded > 0 {
                        " · "
                        b { "{figures(sum.media_downloaded)}" }
                        " media"
                    }
                }
            }
            if sum.running > 0 {
                ProgressBar { label: whose, share: sum.share() }
            }
        }
    }
}
