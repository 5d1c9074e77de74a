use dioxus::prelude::*;

use crate::{
    bases::browser,
    mods::{
        account::{
            hooks::use_plan_dialog,
            types::{HealthFinding, HealthFix, HealthSeverity, NumberHealth},
        },
        settings::{hooks::use_twilio_account, utils::health_reason_words_util},
        twilio::forwarding_actions::{repair_number_action, set_up_forwarding_action},
    },
    ui::{Button, ButtonSize, Icon},
};

/// One thing that is not as it should be, with its way out.
#[component]
pub fn FindingRow(
    finding: HealthFinding,
    /// The number that it is about, if it is about one.
    number: Option<NumberHealth>,
) -> Element {
    let (class, icon, severity) = match finding.severity {
        HealthSeverity::Info => ("finding", "info", "Good to know: "),
        HealthSeverity::Warning => ("finding finding--warning", "alert-triangle", "Warning: "),
        HealthSeverity::Problem => ("finding finding--problem", "alert", "Problem: "),
    };
    let name = health_reason_words_util(finding.reason);
    let whose = number
        .as_ref()
        .map(|number| format!("{}: ", number.friendly_name));
    rsx! {
        li { class,
            Icon { name: icon }
            div {
                p { class: "finding__title",
                    span { class: "sr-only", "{severity}" }
                    "{whose.clone().unwrap_or_default()}{name}"
                }
                p { class: "muted", "{finding.message}" }
                if finding.expected.is_some() || finding.found.is_some() {
                    p { class: "finding__facts",
                        if let Some(expected) = &finding.expected {
                            "Expected "
                            code { "{expected}" }
                            " "
                        }
                        if let Some(found) = &finding.found {
                            "Found "
                            if found.is_empty() {
                                "nothing"
                            } else {
                                code { "{found}" }
                            }
                        }
                    }
                }
            }
            if let Some(fix) = finding.fix {
                Fix { fix, number, name }
            }
        }
    }
}

/// The button that begins to put it right; what changes something at Twilio shows its plan first.
#[component]
fn Fix(fix: HealthFix, number: Option<NumberHealth>, name: &'static str) -> Element {
    let (account, plan) = (use_twilio_account(), use_plan_dialog());
    if !account.can_change() {
        return rsx! {};
    }
    let word = match fix {
        HealthFix::Reconnect => "Reconnect",
        HealthFix::DropPreviousToken => "Show",
        HealthFix::SetupEventSink | HealthFix::RepairPhoneNumber => "Fix…",
    };
    rsx! {
        Button {
            size: ButtonSize::Small,
            onclick: move |_| match (fix, number.clone()) {
                (HealthFix::SetupEventSink, _) => plan.ask(set_up_forwarding_action()),
                (HealthFix::RepairPhoneNumber, Some(number)) => {
                    plan.ask(repair_number_action(&number));
                }
                _ => {
                    browser::focus("#connection");
                }
            },
            "{word}"
            span { class: "sr-only", " {name}" }
        }
    }
}
