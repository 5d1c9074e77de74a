use dioxus::prelude::*;

use crate::{
    bases::browser,
    entities::states::TwilioEventState,
    mods::twilio::hooks::TwilioEvents,
    ui::{Button, Icon, SelectArrow},
};

const SID_ID: &str = "event-sid";
const STATES: [TwilioEventState; 4] = [
    TwilioEventState::Parked,
    TwilioEventState::Pending,
    TwilioEventState::Ignored,
    TwilioEventState::Processed,
];

/// Which events are shown, and how many need somebody.
#[component]
pub fn TwilioEventFilter(events: TwilioEvents, can_process: bool) -> Element {
    let counts = events.counts();
    rsx! {
        div { class: "card__section event-filter",
            StateField { events }
            SidSearch { events }
            p { class: "event-filter__counts", role: "status",
                b { "{figure(counts.parked, counts.up_to)}" }
                " failed · "
                b { "{figure(counts.pending, counts.up_to)}" }
                " pending · "
                b { "{figure(counts.ignored, counts.up_to)}" }
                " ignored"
            }
            if can_process && counts.parked > 0 {
                Button {
                    icon: "refresh",
                    busy: events.is_busy(None),
                    onclick: move |_| async move { events.process_all_parked_again().await },
                    "Retry all failed"
                }
            }
        }
    }
}

#[component]
fn StateField(events: TwilioEvents) -> Element {
    rsx! {
        div { class: "field",
            label { class: "field__label", r#for: "event-state", "State" }
            span { class: "select",
                select {
                    id: "event-state",
                    onchange: move |event| {
                        events.filter(event.value().parse().ok(), &events.sid());
                    },
                    option { value: "", selected: events.state().is_none(), "All" }
                    for state in STATES {
                        option {
                            key: "{state}",
                            value: state.as_str(),
                            selected: events.state() == Some(state),
                            "{name(state)}"
                        }
                    }
                }
                SelectArrow {}
            }
        }
    }
}

#[component]
fn SidSearch(events: TwilioEvents) -> Element {
    let search = move || {
        if let Some(sid) = browser::valid_input_text(SID_ID) {
            events.filter(events.state(), &sid);
        }
    };
    rsx! {
        form {
            class: "field event-filter__search",
            role: "search",
            onsubmit: move |event| {
                event.prevent_default();
                search();
            },
            label { class: "field__label", r#for: SID_ID, "Message or event SID" }
            div { class: "event-filter__sid",
                span { class: "input-icon",
                    Icon { name: "search" }
                    input {
                        class: "input",
                        id: SID_ID,
                        r#type: "search",
                        placeholder: "SM… or EZ…",
                        autocomplete: "off",
                        spellcheck: "false",
                        maxlength: "200",
                        // The cross in the field empties it.
                        oninput: move |event| {
                            if event.value().is_empty() && !events.sid().is_empty() {
                                events.filter(events.state(), "");
                            }
                        },
                    }
                }
                Button { r#type: "submit", "Search" }
            }
        }
    }
}

/// What a person calls a state.
pub fn name(state: TwilioEventState) -> &'static str {
    match state {
        TwilioEventState::Pending => "Pending",
        TwilioEventState::Processed => "Finished",
        TwilioEventState::Ignored => "Ignored",
        TwilioEventState::Parked => "Failed",
    }
}

/// No more than `up_to` are counted.
fn figure(count: i64, up_to: i64) -> String {
    if up_to > 0 && count >= up_to {
        format!("{up_to}+")
    } else {
        count.to_string()
    }
}
