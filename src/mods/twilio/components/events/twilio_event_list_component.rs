use dioxus::prelude::*;

use super::{
    twilio_event_filter_component::TwilioEventFilter, twilio_event_row_component::TwilioEventLine,
};
use crate::{
    entities::states::Role,
    mods::{
        auth::hooks::use_session,
        twilio::{
            hooks::{TwilioEvents, use_twilio_events},
            types::TwilioEventPage,
        },
    },
    ui::{Banner, Button, EmptyState, Tone},
};

/// The events, with what can be done about them.
#[component]
pub fn TwilioEventList(first: TwilioEventPage) -> Element {
    let events = use_twilio_events(first);
    let can_process = use_session().user().role >= Role::Admin;
    let rows = events.rows();
    rsx! {
        TwilioEventFilter { events, can_process }
        if let Some(error) = events.error() {
            div { class: "card__section",
                Banner { tone: Tone::Danger, icon: "alert", boxed: true, role: "alert",
                    p { "The events could not be read. {error}" }
                }
            }
        }
        if rows.is_empty() && !events.is_loading() && events.error().is_none() {
            Nothing { events }
        }
        ul {
            class: "event-list",
            id: "event-list",
            aria_label: "Events, newest first",
            aria_busy: events.is_loading().then_some("true"),
            for row in rows {
                TwilioEventLine { key: "{row.id}", events, row, can_process }
            }
        }
        if events.has_more() {
            div { class: "card__section event-list__more",
                Button {
                    busy: events.is_loading(),
                    onclick: move |_| events.load_more(),
                    "Show earlier events"
                }
            }
        }
    }
}

#[component]
fn Nothing(events: TwilioEvents) -> Element {
    let (title, text) = match (events.state(), events.sid().is_empty(), events.has_more()) {
        (_, _, true) => (
            "None among the newest",
            "The account is shared. Look further back for events of your numbers.",
        ),
        (None, true, false) => (
            "No events yet",
            "Once Twilio forwards events to Loquent, each one appears here.",
        ),
        (Some(_), true, false) => ("No events here", "Nothing is in this state."),
        (_, false, false) => (
            "Nothing found",
            "Search for the whole id of a message (SM…) or of an event (EZ…).",
        ),
    };
    rsx! {
        div { class: "card__section",
            EmptyState { title, text, compact: true }
        }
    }
}
