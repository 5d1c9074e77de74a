use std::collections::BTreeSet;

use dioxus::prelude::*;

use super::capabilities_component::Capabilities;
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::{
        account::TWILIO_FORMS,
        auth::hooks::use_outcomes,
        phone::{
            api::{get_unsynced_numbers_api, sync_numbers_api},
            types::{SyncNumbersIn, SyncNumbersOut, UnsyncedNumber},
        },
    },
    ui::{Button, ButtonKind, ChunkForm, Dialog, EmptyState, FieldError, InChunk, RowSkeleton},
};

/// Brings numbers of the Twilio account into Loquent. Only reads at Twilio.
#[component]
pub fn ImportDialog(
    open: Signal<bool>,
    /// Some are imported, even where others are not.
    onimported: EventHandler<()>,
) -> Element {
    rsx! {
        Dialog { id: "import-numbers", title: "Import numbers", open,
            InChunk {
                chunk: TWILIO_FORMS,
                form: ChunkForm::new(open_chunk_twilio_forms, (open, onimported)),
            }
        }
    }
}

/// The way into the chunk of the forms.
fn open_chunk_twilio_forms((open, onimported): (Signal<bool>, EventHandler<()>)) -> Element {
    rsx! {
        ImportForm { open, onimported }
    }
}

#[component]
fn ImportForm(mut open: Signal<bool>, onimported: EventHandler<()>) -> Element {
    let outcomes = use_outcomes();
    let mut found = use_resource(get_unsynced_numbers_api);
    let mut chosen = use_signal(BTreeSet::<String>::new);
    let mut busy = use_signal(|| false);
    let mut error = use_signal(|| None::<String>);
    let submit = move |event: FormEvent| async move {
        event.prevent_default();
        let twilio_sids: Vec<_> = chosen.peek().iter().cloned().collect();
        if busy() || twilio_sids.is_empty() {
            return;
        }
        busy.set(true);
        error.set(None);
        match sync_numbers_api(ApiJson(SyncNumbersIn { twilio_sids })).await {
            Ok(out) => {
                busy.set(false);
                onimported.call(());
                if out.refused.is_empty() {
                    outcomes.tell_success(words_of(&out));
                    open.set(false);
                } else {
                    let reasons: Vec<_> =
                        out.refused.iter().map(|one| one.reason.clone()).collect();
                    error.set(Some(format!("{} {}", words_of(&out), reasons.join(" "))));
                    chosen.set(BTreeSet::new());
                    found.restart();
                }
            }
            Err(reason) => {
                error.set(Some(outcomes.words_of(&reason)));
                busy.set(false);
            }
        }
    };
    let listed = found();
    let is_loading = listed.is_none();
    rsx! {
        form { aria_label: "Import numbers", onsubmit: submit,
            div { class: "dialog__body", aria_busy: is_loading.then_some("true"),
                p { class: "muted small", "Copies number details to Loquent. Nothing changes in your Twilio account." }
                Listed { listed, chosen, onretry: move |()| found.restart() }
                if let Some(message) = error() {
                    FieldError { id: "import-error", message }
                }
            }
            div { class: "dialog__foot",
                Button { onclick: move |_| open.set(false), "Cancel" }
                Button {
                    kind: ButtonKind::Primary,
                    icon: "import",
                    r#type: "submit",
                    busy: busy(),
                    disabled: chosen.read().is_empty(),
                    "Import selected ({chosen.read().len()})"
                }
            }
        }
    }
}

/// The numbers to choose from, once they are there.
#[component]
fn Listed(
    listed: Option<Result<Vec<UnsyncedNumber>, AppError>>,
    chosen: Signal<BTreeSet<String>>,
    onretry: EventHandler<()>,
) -> Element {
    rsx! {
        match listed {
            None => rsx! {
                RowSkeleton { label: "Asking Twilio for your numbers" }
            },
            Some(Err(reason)) => rsx! {
                EmptyState {
                    title: "Your numbers could not be fetched",
                    text: "{reason}",
                    compact: true,
                    role: "alert",
                    div { class: "empty-state__actions",
                        Button { icon: "refresh", onclick: move |_| onretry.call(()), "Try again" }
                    }
                }
            },
            Some(Ok(numbers)) if numbers.is_empty() => rsx! {
                EmptyState {
                    title: "Nothing to import",
                    text: "Loquent has all numbers of the Twilio account.",
                    compact: true,
                }
            },
            Some(Ok(numbers)) => rsx! {
                Choice { numbers, chosen }
            },
        }
    }
}

#[component]
fn Choice(numbers: Vec<UnsyncedNumber>, mut chosen: Signal<BTreeSet<String>>) -> Element {
    let importable: Vec<String> = numbers
        .iter()
        .filter(|number| number.refusal.is_none())
        .map(|number| number.twilio_sid.clone())
        .collect();
    let all = importable.len();
    rsx! {
        if all > 1 {
            label { class: "checkbox",
                input {
                    r#type: "checkbox",
                    checked: chosen.read().len() == all,
                    onchange: move |event| {
                        chosen.set(if event.checked() { importable.iter().cloned().collect() } else { BTreeSet::new() });
                    },
                }
                "All {all}"
            }
        }
        ul { class: "import-list", aria_label: "Numbers of the Twilio account",
            for number in numbers {
                ChoiceRow { key: "{number.twilio_sid}", number, chosen }
            }
        }
    }
}

#[component]
fn ChoiceRow(number: UnsyncedNumber, mut chosen: Signal<BTreeSet<String>>) -> Element {
    let sid = number.twilio_sid.clone();
    let can = number.capabilities;
    rsx! {
        li {
            label { class: "checkbox",
                input {
                    r#type: "checkbox",
                    disabled: number.refusal.is_some(),
                    checked: chosen.read().contains(&number.twilio_sid),
                    onchange: move |event| {
                        if event.checked() {
                            chosen.write().insert(sid.clone());
                        } else {
                            chosen.write().remove(&sid);
                        }
                    },
                }
                span {
                    "{number.shown}"
                    span { class: "table__sub", "{number.friendly_name}" }
                    if let Some(refusal) = &number.refusal {
                        span { class: "table__sub", "{refusal}" }
                    }
                }
            }
            Capabilities { sms: can.sms, mms: can.mms, voice: can.voice }
        }
    }
}

/// "2 imported, 1 was already there."
fn words_of(out: &SyncNumbersOut) -> String {
    let mut words = format!("{} imported", out.imported.len());
    match out.already_there.len() {
        0 => {}
        1 => words += ", 1 was already there",
        count => words += &format!(", {count} were already there"),
    }
    if !out.refused.is_empty() {
        words += &format!(", {} not", out.refused.len());
    }
    words + "."
}
