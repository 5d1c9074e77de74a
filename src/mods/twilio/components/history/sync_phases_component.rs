use dioxus::prelude::*;

use crate::{
    mods::twilio::types::{SmsSyncPhase, SmsSyncProgress, SmsSyncState},
    ui::{Phases, StepState},
};

const PHASES: [SmsSyncPhase; 7] = [
    SmsSyncPhase::Fetching,
    SmsSyncPhase::Deduplicating,
    SmsSyncPhase::ResolvingContacts,
    SmsSyncPhase::Inserting,
    SmsSyncPhase::UpdatingTimestamps,
    SmsSyncPhase::DownloadingMedia,
    SmsSyncPhase::Done,
];

/// What a person calls a phase.
pub fn phase_name(phase: SmsSyncPhase) -> &'static str {
    match phase {
        SmsSyncPhase::Fetching => "Fetching",
        SmsSyncPhase::Deduplicating => "Deduplicating",
        SmsSyncPhase::ResolvingContacts => "Resolving contacts",
        SmsSyncPhase::Inserting => "Inserting",
        SmsSyncPhase::UpdatingTimestamps => "Updating timestamps",
        SmsSyncPhase::DownloadingMedia => "Downloading media",
        SmsSyncPhase::Done => "Done",
    }
}

/// The phases of a run that goes on, or that stopped at one of them.
#[component]
pub fn SyncPhases(
    name: String,
    progress: SmsSyncProgress,
    /// The one to show as the present one.
    phase: SmsSyncPhase,
) -> Element {
    let steps = PHASES
        .into_iter()
        .map(|step| (phase_name(step), step_state(step, phase, &progress)))
        .collect::<Vec<_>>();
    rsx! {
        Phases { label: "Progress of {name}", steps }
    }
}

fn step_state(step: SmsSyncPhase, now: SmsSyncPhase, progress: &SmsSyncProgress) -> StepState {
    let at = |phase| PHASES.iter().position(|known| *known == phase);
    if at(step) < at(now) {
        StepState::Done
    } else if step != now {
        StepState::Pending
    } else if progress.state == SmsSyncState::Running {
        StepState::Current(share(now, progress))
    } else {
        StepState::Failed
    }
}

/// How much of the phase is done. The phases of the messages are gone through together, part by
/// part of the time range.
fn share(phase: SmsSyncPhase, progress: &SmsSyncProgress) -> Option<f64> {
    let (done, total) = match phase {
        SmsSyncPhase::DownloadingMedia | SmsSyncPhase::Done => {
            let failed = progress.media_failed.unwrap_or_default();
            let done = progress.media_downloaded.unwrap_or_default() + failed;
            (done as f64, progress.media_total.unwrap_or_default() as f64)
        }
        _ => (
            f64::from(progress.parts_done),
            f64::from(progress.parts_total),
        ),
    };
    (total > 0.0).then(|| done / total)
}
