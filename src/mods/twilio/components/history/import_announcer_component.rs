use dioxus::prelude::*;

use super::import_phases_component::phase_name;
use crate::{
    bases::browser,
    entities::states::{ImportPhase, ImportState},
    mods::twilio::{hooks::ImportRuns, types::NumberHistory},
    ui::figures,
};

/// A screen reader is told how far it is this often at most.
const SAY_EVERY_MS: u32 = 5_000;

/// Tells a screen reader how far the imports are.
#[component]
pub fn ImportAnnouncer(syncs: ImportRuns) -> Element {
    let mut said = use_signal(String::new);
    use_future(move || async move {
        loop {
            browser::sleep(SAY_EVERY_MS).await;
            let words = words(syncs);
            if *said.peek() != words {
                said.set(words);
            }
        }
    });
    rsx! {
        p { class: "sr-only", role: "status", "{said}" }
    }
}

fn words(syncs: ImportRuns) -> String {
    let (numbers, sum) = syncs.together();
    let running: Vec<_> = numbers
        .iter()
        .filter(|number| state(number) == Some(ImportState::Running))
        .collect();
    let new = figures(sum.new_count);
    match running.as_slice() {
        [number] => words_of(number),
        [] if sum.done + sum.stopped == 0 => String::new(),
        [] if sum.stopped == 0 => format!("Sync done: {new} new messages."),
        [] => format!(
            "Sync ended: {} done, {} stopped, {new} new messages.",
            sum.done, sum.stopped
        ),
        several => format!(
            "{} numbers are syncing: {} messages fetched, {new} new.",
            several.len(),
            figures(sum.fetched)
        ),
    }
}

fn words_of(number: &NumberHistory) -> String {
    let Some(progress) = &number.last_sync else {
        return String::new();
    };
    let name = &number.number.friendly_name;
    match (progress.phase, progress.media_total) {
        (ImportPhase::DownloadingMedia, Some(total)) => {
            let done = figures(progress.media_downloaded.unwrap_or_default());
            let total = figures(total);
            format!("{name}: downloading media, {done} of {total}.")
        }
        // The phases of the messages alternate faster than they can be said.
        (ImportPhase::DownloadingMedia | ImportPhase::Done, _) => {
            format!("{name}: {}.", phase_name(progress.phase))
        }
        _ => {
            let fetched = figures(progress.fetched.unwrap_or_default());
            let new = figures(progress.new_count.unwrap_or_default());
            format!("{name}: {fetched} messages fetched, {new} new.")
        }
    }
}

fn state(number: &NumberHistory) -> Option<ImportState> {
    number.last_sync.as_ref().map(|progress| progress.state)
}
