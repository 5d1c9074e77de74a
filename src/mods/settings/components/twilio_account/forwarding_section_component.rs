use dioxus::prelude::*;

use super::{
    event_types_component::EventTypes, forwarding_facts_component::ForwardingFacts,
    test_event_component::TestEvent,
};
use crate::{
    mods::{
        settings::{
            hooks::{use_plan_dialog, use_twilio_account},
            types::TwilioAction,
        },
        twilio::types::EventForwardingState,
    },
    ui::{Badge, Button, ButtonKind, ButtonSize, Card, EmptyState, Icon, Tone},
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
                                onclick: move |_| plan.ask(TwilioAction::RemoveForwarding),
                                "Remove…"
                            }
                        }
                    }
                }
            },
            div { class: "card__body",
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
                                onclick: move |_| plan.ask(TwilioAction::SetUpForwarding),
                                if is_there { "Complete the set-up…" } else { "Set Up Event Sink…" }
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
            "Nobody has looked yet",
            "A check shows whether an event sink of the Twilio account leads to Loquent. It only reads.".to_owned(),
        ),
        _ => (
            "No event sink leads to Loquent",
            format!(
                "Setting it up adds one event sink to {destination} and one subscription. The webhooks of your numbers stay as they are."
            ),
        ),
    };
    rsx! {
        EmptyState { title, text, compact: true }
    }
}
