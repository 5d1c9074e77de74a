use dioxus::prelude::*;

use crate::{
    entities::states::{ImportPhase, ImportState},
    mods::twilio::types::SmsSyncProgress,
    ui::{Phases, StepState},
};

/// What a person calls a phase.
pub fn phase_name(phase: ImportPhase) -> &'static str {
    match phase {
        ImportPhase::Fetching => "Fetching",
        ImportPhase::Deduplicating => "Deduplicating",
        ImportPhase::ResolvingContacts => "Resolving contacts",
        ImportPhase::Inserting => "Inserting",
        ImportPhase::UpdatingTimestamps => "Updating timestamps",
        ImportPhase::DownloadingMedia => "Downloading media",
        ImportPhase::Done => "Done",
    }
}

/// The phases of a run that goes on, or that stopped at one of them.
#[component]
pub fn ImportPhases(
    name: String,
    progress: SmsSyncProgress,
    /// The one to show as the present one.
    phase: ImportPhase,
) -> Element {
    let steps = ImportPhase::ALL
        .iter()
        .map(|step| (phase_name(*step), step_state(*step, phase, &progress)))
        .collect::<Vec<_>>();
    rsx! {
        Phases { label: "Progress of {name}", steps }
    }
}

fn step_state(step: ImportPhase, now: ImportPhase, progress: &SmsSyncProgress) -> StepState {
    let at = |phase| ImportPhase::ALL.iter().position(|known| *known == phase);
    if at(step) < at(now) {
        StepState::Done
    } else if step != now {
        StepState::Pending
    } else if progress.state == ImportState::Running {
        StepState::Current(share(now, progress))
    } else {
        StepState::Failed
    }
}

/// How much of the phase is done. The phases of the messages are gone through together, part by
/// part of the time range.
fn share(phase: ImportPhase, progress: &SmsSyncProgress) -> Option<f64> {
    let (done, total) = match phase {
        ImportPhase::DownloadingMedia | ImportPhase::Done => {
            let failed = progress.media_failed.unwrap_or_default();
            let done = progress.media_downloaded.unwrap_or_default() + failed;
            (done as f64, progress.media_total.unwrap_or_default() as f64)
        }
        ImportPhase::Fetching
        | ImportPhase::Deduplicating
        | ImportPhase::ResolvingContacts
        | ImportPhase::Inserting
        | ImportPhase::UpdatingTimestamps => (
            f64::from(progress.parts_done),
            f64::from(progress.parts_total),
        ),
    };
    (total > 0.0).then(|| done / total)
}
