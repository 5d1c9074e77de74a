use dioxus::prelude::*;

use super::{
    event_types_component::EventTypes, forwarding_facts_component::ForwardingFacts,
    test_event_component::TestEvent,
};
use crate::{
    mods::{
        account::{hooks::use_plan_dialog, types::EventForwardingState},
        settings::hooks::use_twilio_account,
        twilio::forwarding_actions::{remove_forwarding_action, set_up_forwarding_action},
    },
    ui::{Badge, Banner, Button, ButtonKind, ButtonSize, Card, EmptyState, Icon, Tone, open_page},
};

/// Whether Twilio sends its events here; sets that up and takes it back.
#[component]
pub fn ForwardingSection() -> Element {
    let (account, plan) = (use_twilio_account(), use_plan_dialog());
    let forwarding = account.health().forwarding;
    let state = forwarding.state;
    let can_change = account.can_change();
    let is_there = matches!(
        state,
        EventForwardingState::Active | EventForwardingState::Incomplete
    );
    rsx! {
        Card {
            id: "forwarding",
            title: "SMS Event Forwarding",
            lede: "Twilio sends every inbound message and delivery update to Loquent as it happens, including texts sent by other apps.",
            badge: rsx! {
                StateBadge { state }
                if can_change {
                    div { class: "card__actions",
                        Button {
                            size: ButtonSize::Small,
                            icon: "refresh",
                            busy: account.is_checking(),
                            onclick: move |_| account.check(),
                            "Check again"
                        }
                        if is_there {
                            Button {
                                kind: ButtonKind::Danger,
                                size: ButtonSize::Small,
                                icon: "trash",
                                onclick: move |_| plan.ask(remove_forwarding_action()),
                                "Remove…"
                            }
                        }
                    }
                }
            },
            div { class: "card__body",
                if forwarding.failed_events > 0 {
                    FailedEvents { count: forwarding.failed_events }
                }
                if is_there {
                    ForwardingFacts { forwarding: forwarding.clone() }
                    EventTypes { types: forwarding.types }
                } else {
                    NotThere { state, destination: forwarding.destination }
                }
                if can_change {
                    div { class: "cluster",
                        if state != EventForwardingState::Active {
                            Button {
                                kind: ButtonKind::Primary,
                                onclick: move |_| plan.ask(set_up_forwarding_action()),
                                if is_there { "Finish the setup…" } else { "Set Up Event Sink…" }
                            }
                            span { class: "subtle small", "You see what it changes first, and can undo it at any time." }
                        }
                    }
                    if is_there {
                        TestEvent {}
                    }
                }
            }
        }
    }
}

/// Where events that failed wait for somebody.
#[component]
fn FailedEvents(count: i64) -> Element {
    let address = "/settings/twilio/events";
    rsx! {
        Banner { tone: Tone::Danger, icon: "alert", boxed: true,
            p {
                if count == 1 { "1 event failed. " } else { "{count} events failed. " }
                a { href: address, onclick: move |event| open_page(&event, address), "See why" }
            }
        }
    }
}

#[component]
fn StateBadge(state: EventForwardingState) -> Element {
    match state {
        EventForwardingState::Unknown => rsx! {
            Badge { tone: Tone::Neutral, "Not checked" }
        },
        EventForwardingState::NotSetUp => rsx! {
            Badge { tone: Tone::Neutral, "Not set up" }
        },
        EventForwardingState::Incomplete => rsx! {
            Badge { tone: Tone::Warning, "Incomplete" }
        },
        EventForwardingState::Active => rsx! {
            Badge { tone: Tone::Success,
                Icon { name: "check" }
                "Active"
            }
        },
    }
}

#[component]
fn NotThere(state: EventForwardingState, destination: String) -> Element {
    let (title, text) = match state {
        EventForwardingState::Unknown => (
            "Not checked yet",
            "Check whether Twilio already sends events to Loquent. Read-only.".to_owned(),
        ),
        _ => (
            "Twilio does not send events to Loquent yet",
            format!(
                "Set it up to add one event sink to {destination} and one subscription. Your numbers' webhooks stay as they are."
            ),
        ),
    };
    rsx! {
        EmptyState { title, text, compact: true }
    }
}
