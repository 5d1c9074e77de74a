use dioxus::prelude::*;

use super::reconciliation_row_component::ReconciliationRow;
use crate::{
    entities::states::Role,
    mods::{
        auth::hooks::use_session,
        twilio::{
            api::get_reconciliations_api, hooks::use_reconciliations, types::ReconciliationOverview,
        },
    },
    ui::{Button, Card, EmptyState, LoadWords, loaded, open_page, use_page_data},
};

/// Whether anything got lost: each number's last event, and what its last comparison with Twilio
/// found. For admins, who may start one.
#[component]
pub fn ReconciliationSection() -> Element {
    if use_session().user().role < Role::Admin {
        return rsx! {};
    }
    rsx! {
        LoadedSection {}
    }
}

#[component]
fn LoadedSection() -> Element {
    let overview = use_page_data(get_reconciliations_api)?;
    let words = LoadWords {
        loading: "Loading the checks",
        failed: "The checks could not be loaded",
    };
    let frame = |content| {
        rsx! {
            NothingLostCard { badge: rsx! {}, {content} }
        }
    };
    loaded(overview, words, frame, |first| {
        rsx! {
            Checks { first }
        }
    })
}

#[component]
fn Checks(first: ReconciliationOverview) -> Element {
    let checks = use_reconciliations(first);
    let overview = checks.overview();
    let days = match overview.days {
        1 => "day".to_owned(),
        days => format!("{days} days"),
    };
    let rhythm = match overview.every_minutes {
        0 => format!("The last {days} are compared with Twilio’s list when you ask for it."),
        60 => format!("Every hour the last {days} are compared with Twilio’s list."),
        minutes if minutes % 60 == 0 => {
            format!(
                "Every {} hours the last {days} are compared with Twilio’s list.",
                minutes / 60
            )
        }
        minutes => {
            format!("Every {minutes} minutes the last {days} are compared with Twilio’s list.")
        }
    };
    if overview.numbers.is_empty() {
        return rsx! {
            NothingLostCard { badge: rsx! {},
                div { class: "card__section",
                    EmptyState {
                        title: "No numbers yet",
                        text: "Once your organization has a number, what it sends and receives is compared with Twilio here.",
                        compact: true,
                    }
                }
            }
        };
    }
    rsx! {
        NothingLostCard {
            badge: rsx! {
                Button {
                    icon: "refresh",
                    busy: checks.is_asked(None),
                    onclick: move |_| async move { checks.check(None).await },
                    "Check all now"
                }
            },
            p { class: "card__section muted reconciliation__rhythm", "{rhythm}" }
            ul { aria_label: "Checks by number",
                for number in overview.numbers {
                    ReconciliationRow { key: "{number.phone_number_id}", checks, number }
                }
            }
            p { class: "card__section reconciliation__events",
                a {
                    class: "link-button",
                    href: "/settings/twilio/events",
                    onclick: move |event| open_page(&event, "/settings/twilio/events"),
                    "See every event from Twilio"
                }
            }
        }
    }
}

/// What stands around all states of the section.
#[component]
fn NothingLostCard(badge: Element, children: Element) -> Element {
    rsx! {
        Card {
            id: "nothing-lost",
            title: "Missed messages",
            lede: "Loquent compares with Twilio and adds anything it missed.",
            badge,
            {children}
        }
    }
}
