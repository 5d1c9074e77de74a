use dioxus::prelude::*;

use crate::{
    bases::browser,
    entities::states::ImportState,
    mods::{
        account::types::{ConnectionMode, EventForwardingState, TwilioConnection},
        settings::hooks::use_twilio_account,
        twilio::hooks::ImportRuns,
    },
};

/// The parts of the page, and how it stands with each.
#[component]
pub fn PageIndex(syncs: ImportRuns) -> Element {
    let account = use_twilio_account();
    let (connection, health) = (account.connection(), account.health());
    let is_forwarded = match health.forwarding.state {
        EventForwardingState::Active => ("dot dot--success", ": active"),
        EventForwardingState::Incomplete => ("dot dot--warning", ": incomplete"),
        EventForwardingState::NotSetUp => ("dot dot--none", ": not set up"),
        EventForwardingState::Unknown => ("dot dot--none", ": not checked"),
    };
    let attention = match (health.checked_at, health.attention_count()) {
        (_, 1..) => ("dot dot--warning", ": something needs attention"),
        (None, 0) => ("dot dot--none", ": not checked"),
        (Some(_), 0) => ("dot dot--success", ": everything looks good"),
    };
    let history = match syncs.worst() {
        Some(ImportState::Failed) => ("dot dot--danger", ": an import failed"),
        Some(ImportState::Running) => ("dot dot--accent", ": importing"),
        _ => ("dot dot--none", ""),
    };
    let events = if health.forwarding.failed_events > 0 {
        ("dot dot--danger", ": some events failed")
    } else {
        is_forwarded
    };
    let none = ("dot dot--none", "");
    let parts = [
        ("#connection", "Connection", connected(&connection)),
        ("#health", "Health", attention),
        ("#forwarding", "Event forwarding", events),
        ("#history", "Message history", history),
        ("#numbers", "Phone numbers", none),
        ("#calls", "Calls", none),
        ("#effects", "What Loquent does", none),
        ("#activity", "Account activity", none),
    ];
    rsx! {
        nav { class: "toc", aria_label: "On this page",
            p { class: "toc__title", "On this page" }
            for (to, label, (dot, state)) in parts {
                a {
                    key: "{to}",
                    class: "toc__item",
                    href: to,
                    onclick: move |event| {
                        // The focus goes there, too.
                        event.prevent_default();
                        browser::focus(to);
                    },
                    span { class: dot }
                    "{label}"
                    span { class: "sr-only", "{state}" }
                }
            }
        }
    }
}

fn connected(connection: &TwilioConnection) -> (&'static str, &'static str) {
    match connection.mode {
        ConnectionMode::NotConnected | ConnectionMode::OwnWithoutCredentials => {
            ("dot dot--none", ": not connected")
        }
        ConnectionMode::Shared | ConnectionMode::Own if connection.problem.is_some() => {
            ("dot dot--danger", ": cannot be used")
        }
        ConnectionMode::Shared | ConnectionMode::Own if connection.last_checked_at.is_none() => {
            ("dot dot--none", ": not checked")
        }
        ConnectionMode::Shared | ConnectionMode::Own => ("dot dot--success", ": connected"),
    }
}
