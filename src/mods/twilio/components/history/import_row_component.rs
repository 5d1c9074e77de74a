use dioxus::prelude::*;

use super::{
    import_all_component::SinceError, import_phases_component::ImportPhases,
    import_stats_component::ImportStats, since_field_component::read_since,
};
use crate::{
    entities::states::ImportState,
    mods::twilio::{
        hooks::{ImportAction, ImportRuns},
        types::{ImportPace, NumberHistory, SmsSyncProgress},
    },
    ui::{Badge, Banner, Button, ButtonKind, ButtonSize, Icon, Tone, figures},
};

/// One number: how its last import went or goes, and what can be done about it.
#[component]
pub fn ImportRow(syncs: ImportRuns, number: NumberHistory, can_sync: bool) -> Element {
    let pace = syncs.pace(number.number.id);
    let name = number.number.friendly_name.clone();
    let state = number.last_sync.as_ref().map(|progress| progress.state);
    let phases = number
        .last_sync
        .clone()
        .filter(|progress| matches!(progress.state, ImportState::Running | ImportState::Failed));
    rsx! {
        li { class: "sync-row",
            div { class: "sync-row__top",
                div { class: "sync-row__who",
                    span { class: "sync-row__name", "{name}" }
                    " "
                    span { class: "sync-row__number", "{number.number.shown}" }
                }
                StateBadge { state }
                if can_sync {
                    RowActions { syncs, number: number.clone() }
                }
            }
            if let Some(progress) = phases {
                ImportPhases {
                    name: name.clone(),
                    phase: pace.as_ref().map_or(progress.phase, ImportPace::phase),
                    progress,
                }
            }
            if let Some(progress) = number.last_sync.clone() {
                ImportStats { progress, pace }
            }
            if let Some(progress) = number.last_sync.filter(|last| last.state == ImportState::Failed) {
                Failure { progress, can_sync }
            }
            if let Some(reason) = syncs.refusal(number.number.id) {
                Banner { tone: Tone::Danger, icon: "alert", boxed: true, role: "alert",
                    p { "{reason}" }
                }
            }
        }
    }
}

#[component]
fn StateBadge(state: Option<ImportState>) -> Element {
    match state {
        None => rsx! {
            span { class: "sync-row__note", "Never synced" }
        },
        Some(ImportState::Running) => rsx! {},
        Some(ImportState::Done) => rsx! {
            Badge { tone: Tone::Success,
                Icon { name: "check" }
                "Done"
            }
        },
        Some(ImportState::Failed) => rsx! {
            Badge { tone: Tone::Danger, "Failed" }
        },
        Some(ImportState::Cancelled) => rsx! {
            Badge { tone: Tone::Neutral, "Cancelled" }
        },
    }
}

/// The last button stays the same element in all states, so that it keeps the focus.
#[component]
fn RowActions(syncs: ImportRuns, number: NumberHistory) -> Element {
    let SinceError(since_error) = use_context();
    let id = number.number.id;
    let name = number.number.friendly_name;
    let state = number.last_sync.map(|progress| progress.state);
    let asked = syncs.asked(id);
    let start = move || {
        if let Some(since) = read_since(since_error) {
            syncs.sync(id, since);
        }
    };
    let (label, icon, kind, action) = match state {
        None => (
            "Sync History",
            "history",
            ButtonKind::Plain,
            ImportAction::Start,
        ),
        Some(ImportState::Done) => (
            "Sync History",
            "refresh",
            ButtonKind::Plain,
            ImportAction::Start,
        ),
        Some(ImportState::Running) => ("Cancel", "x", ButtonKind::Plain, ImportAction::Cancel),
        Some(ImportState::Failed | ImportState::Cancelled) => {
            ("Resume", "play", ButtonKind::Primary, ImportAction::Resume)
        }
    };
    rsx! {
        div { class: "sync-row__actions",
            if action == ImportAction::Resume {
                Button {
                    size: ButtonSize::Small,
                    icon: "refresh",
                    busy: asked == Some(ImportAction::Start),
                    disabled: asked == Some(ImportAction::Resume),
                    onclick: move |_| start(),
                    "Sync History"
                    span { class: "sr-only", " of {name}" }
                }
            }
            Button {
                kind,
                size: ButtonSize::Small,
                icon,
                busy: asked.is_some(),
                onclick: move |_| match action {
                    ImportAction::Start => start(),
                    ImportAction::Cancel => syncs.cancel(id),
                    ImportAction::Resume => syncs.resume(id),
                },
                "{label}"
                span { class: "sr-only", " of {name}" }
            }
        }
    }
}

/// Why a run stopped, and what is left of it.
#[component]
fn Failure(progress: SmsSyncProgress, can_sync: bool) -> Element {
    let fetched = progress.fetched.unwrap_or_default();
    let after = match fetched {
        0 => "Stopped before the first message.".to_owned(),
        1 => "Stopped after 1 message.".to_owned(),
        _ => format!("Stopped after {} messages.", figures(fetched)),
    };
    let reason = progress.error.unwrap_or_default();
    rsx! {
        Banner { tone: Tone::Danger, icon: "alert", boxed: true, role: "alert",
            p {
                b { "{after}" }
                " {reason}"
                if fetched > 0 {
                    " Everything up to there is saved"
                    if can_sync {
                        ", and Resume goes on from there."
                    } else {
                        "."
                    }
                }
            }
        }
    }
}
