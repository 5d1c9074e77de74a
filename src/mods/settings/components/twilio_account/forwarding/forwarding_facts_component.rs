use dioxus::prelude::*;

use crate::{
    mods::account::types::EventForwarding,
    twilio::{EventSinkStatus, MaskedSid},
    ui::{When, figures, use_clock},
};

/// The sink, its subscription, and the last event.
#[component]
pub fn ForwardingFacts(forwarding: EventForwarding) -> Element {
    let clock = use_clock();
    let (dot, sink) = match forwarding.sink_status {
        Some(EventSinkStatus::Active) => ("dot dot--success", "Active"),
        Some(EventSinkStatus::Initialized) => ("dot dot--warning", "Not validated"),
        Some(EventSinkStatus::Validating) => ("dot dot--warning", "Being validated"),
        Some(EventSinkStatus::Failed) => ("dot dot--danger", "Failed"),
        None => ("dot dot--none", "Missing"),
    };
    let subscribed = forwarding.types.iter().filter(|one| one.subscribed).count();
    let all = forwarding.types.len();
    let subscription_dot = if subscribed == all {
        "dot dot--success"
    } else {
        "dot dot--warning"
    };
    rsx! {
        dl { class: "dl dl--facts",
            Part { name: "Event sink", dot, state: sink, sid: forwarding.sink_sid }
            Part {
                name: "Subscription",
                dot: subscription_dot,
                state: "{subscribed} of {all} types",
                sid: forwarding.subscription_sid,
            }
            div {
                dt { "Last event" }
                dd {
                    match forwarding.last_event_at {
                        Some(at) => rsx! {
                            time { datetime: "{at:?}", title: "{clock.exact(at)}", "{clock.to_the_second(at)}" }
                        },
                        None => rsx! { "None yet" },
                    }
                }
            }
            if let Some(today) = forwarding.events_today {
                div {
                    dt { "Today (UTC)" }
                    dd { class: "num", "{figures(today)} events" }
                }
            }
            div {
                dt { "Last test event" }
                dd {
                    match forwarding.last_test_event_at {
                        Some(at) => rsx! {
                            When { at }
                        },
                        None => rsx! { "None yet" },
                    }
                }
            }
            div { class: "dl__wide",
                dt { "Destination" }
                dd {
                    code { "{forwarding.destination}" }
                }
            }
        }
    }
}

/// One of the two things at Twilio that forwarding is made of.
#[component]
fn Part(name: &'static str, dot: &'static str, state: String, sid: Option<String>) -> Element {
    rsx! {
        div {
            dt { "{name}" }
            dd {
                span { class: "state",
                    span { class: dot }
                    "{state}"
                }
                if let Some(sid) = sid {
                    code { class: "subtle", "{MaskedSid::of(&sid)}" }
                }
            }
        }
    }
}
