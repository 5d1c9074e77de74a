use dioxus::prelude::*;

use crate::{
    entities::states::Role,
    mods::{
        auth::hooks::use_session,
        twilio::{
            api::get_imported_phone_numbers_api,
            components::history::{ImportAll, ImportAnnouncer, ImportRow, SinceError},
            hooks::{ImportRuns, use_imports},
            types::NumberHistory,
        },
    },
    ui::{Badge, Card, EmptyState, LoadWords, Tone, loaded, use_page_data},
};

/// The import of past messages: each number's own, and all at once.
#[component]
pub fn SyncMessageHistorySection() -> Element {
    let numbers = use_page_data(get_imported_phone_numbers_api)?;
    let words = LoadWords {
        loading: "Loading your numbers",
        failed: "Your numbers could not be loaded",
    };
    let frame = |content| {
        rsx! {
            HistoryCard { badge: rsx! {}, {content} }
        }
    };
    loaded(numbers, words, frame, |numbers| {
        rsx! {
            OwnSyncs { numbers }
        }
    })
}

#[component]
fn OwnSyncs(numbers: Vec<NumberHistory>) -> Element {
    let syncs = use_imports(numbers);
    rsx! {
        ImportSections { syncs }
    }
}

/// The same where the page has the numbers already.
#[component]
pub fn ImportSections(syncs: ImportRuns) -> Element {
    use_context_provider(|| SinceError(Signal::new(None)));
    let numbers = syncs.numbers();
    let can_sync = use_session().user().role >= Role::Admin;
    if numbers.is_empty() {
        return rsx! {
            HistoryCard { badge: rsx! {},
                div { class: "card__section",
                    EmptyState {
                        title: "No numbers yet",
                        text: "Add a number first. Then you can import its past messages here.",
                        compact: true,
                    }
                }
            }
        };
    }
    rsx! {
        HistoryCard {
            badge: rsx! {
                RunningBadge { syncs, of: numbers.len() }
            },
            ImportAll { syncs, can_sync }
            ul { aria_label: "Sync by number",
                for number in numbers {
                    ImportRow { key: "{number.number.id}", syncs, number, can_sync }
                }
            }
            ImportAnnouncer { syncs }
        }
    }
}

#[component]
fn RunningBadge(syncs: ImportRuns, of: usize) -> Element {
    let running = syncs.running();
    rsx! {
        if running > 0 {
            Badge { tone: Tone::Accent, "{running} of {of} syncing" }
        }
    }
}

/// What stands around all states of the section.
#[component]
fn HistoryCard(badge: Element, children: Element) -> Element {
    rsx! {
        Card {
            id: "history",
            title: "Message History",
            lede: "Imports past messages from Twilio. Nothing changes in your Twilio account, and importing again only adds what is missing.",
            badge,
            {children}
        }
    }
}
