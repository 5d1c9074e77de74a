use dioxus::prelude::*;

use super::finding_row_component::FindingRow;
use crate::{
    mods::{account::types::TwilioHealth, settings::hooks::use_twilio_account},
    ui::{Badge, Button, ButtonSize, Card, EmptyState, Icon, Tone, When},
};

/// What is not as it should be at Twilio, why, and what would put it right.
#[component]
pub fn HealthSection() -> Element {
    let account = use_twilio_account();
    let health = account.health();
    let attention = health.attention_count();
    let is_empty =
        health.findings.is_empty() && health.numbers.iter().all(|one| one.findings.is_empty());
    rsx! {
        Card {
            id: "health",
            title: "Health",
            lede: "Checks that Twilio is set up the way Loquent needs. Read-only.",
            badge: rsx! {
                HealthBadge { problems: health.checked_at.map(|_| attention) }
                if account.can_change() {
                    div { class: "card__actions",
                        Button {
                            size: ButtonSize::Small,
                            icon: "refresh",
                            busy: account.is_checking(),
                            onclick: move |_| account.check(),
                            "Check now"
                        }
                    }
                }
            },
            if is_empty && health.checked_at.is_some() {
                p { class: "card__section all-good",
                    Icon { name: "check" }
                    "Everything looks good. Credentials, event forwarding and the webhooks of your numbers are fine."
                }
            } else if is_empty {
                div { class: "card__section",
                    EmptyState {
                        title: "Not checked yet",
                        text: "Check whether your Twilio account is set up the way Loquent needs.",
                        compact: true,
                    }
                }
            } else {
                Findings { health: health.clone() }
            }
            if let Some(at) = health.checked_at {
                p { class: "card__section subtle small", role: "status",
                    if account.is_checking() {
                        "Checking…"
                    } else {
                        "Last checked "
                        When { at, within: true }
                        " ({health.took_ms} ms)"
                    }
                }
            }
        }
    }
}

/// How many problems there are; none before the first look.
#[component]
fn HealthBadge(problems: Option<usize>) -> Element {
    match problems {
        None => rsx! {
            Badge { tone: Tone::Neutral, "Not checked" }
        },
        Some(0) => rsx! {
            Badge { tone: Tone::Success,
                Icon { name: "check" }
                "All good"
            }
        },
        Some(1) => rsx! {
            Badge { tone: Tone::Warning, "1 problem" }
        },
        Some(count) => rsx! {
            Badge { tone: Tone::Warning, "{count} problems" }
        },
    }
}

#[component]
fn Findings(health: TwilioHealth) -> Element {
    rsx! {
        ul { class: "finding-list", aria_label: "Findings",
            for finding in health.findings {
                FindingRow { key: "account-{finding.reason as u8}-{finding.found.as_deref().unwrap_or_default()}", finding, number: None }
            }
            for number in health.numbers {
                for finding in number.findings.clone() {
                    FindingRow {
                        key: "{number.phone_number_id}-{finding.reason as u8}",
                        finding,
                        number: Some(number.clone()),
                    }
                }
            }
        }
    }
}
