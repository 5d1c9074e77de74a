use dioxus::prelude::*;

use super::{
    twilio_event_filter_component::name, twilio_event_payload_component::TwilioEventPayload,
};
use crate::{
    entities::states::TwilioEventState,
    mods::twilio::{hooks::TwilioEvents, types::TwilioEventRow},
    ui::{Badge, Button, ButtonKind, ButtonSize, Tone, use_clock},
};

/// One event: what it is, where it stands, and what it says.
#[component]
pub fn TwilioEventLine(events: TwilioEvents, row: TwilioEventRow, can_process: bool) -> Element {
    let clock = use_clock();
    let mut shows_payload = use_signal(|| false);
    let id = row.id;
    let kind = kind(&row.event_type);
    let label = format!(
        "{kind} {}",
        row.message_sid.as_deref().unwrap_or(&row.event_id)
    );
    let received = row.received_at;
    rsx! {
        li { class: "event-row", "data-event": "{row.event_id}", "data-state": row.state.as_str(),
            div { class: "event-row__top",
                span { class: "event-row__state",
                    Badge { tone: tone(row.state), "{name(row.state)}" }
                }
                span { class: "event-row__kind", title: "{row.event_type}", "{kind}" }
                div { class: "event-row__actions",
                    if can_process && can_be_processed_again(&row) {
                        Button {
                            size: ButtonSize::Small,
                            icon: "refresh",
                            busy: events.is_busy(Some(id)),
                            onclick: move |_| async move { events.process_again(id).await },
                            "Retry"
                            span { class: "sr-only", ": {label}" }
                        }
                    }
                    Button {
                        kind: ButtonKind::Ghost,
                        size: ButtonSize::Small,
                        icon: "code",
                        aria_expanded: if shows_payload() { "true" } else { "false" },
                        onclick: move |_| shows_payload.toggle(),
                        "Payload"
                        span { class: "sr-only", " of {label}" }
                    }
                }
            }
            p { class: "event-row__facts",
                code { title: "Message", "{row.message_sid.as_deref().unwrap_or(\"no message\")}" }
                code { title: "Event", "{row.event_id}" }
                code { title: "Account", "{row.account}" }
                span {
                    "received "
                    time { datetime: "{received:?}", title: "{clock.exact(received)}", "{clock.day_and_time(received)}" }
                }
                if let Some(at) = row.processed_at {
                    span {
                        "finished "
                        time { datetime: "{at:?}", title: "{clock.exact(at)}", "{clock.to_the_second(at)}" }
                    }
                }
                span {
                    if row.attempts == 1 { "1 attempt" } else { "{row.attempts} attempts" }
                }
                if let Some(at) = row.next_attempt_at {
                    span {
                        "next "
                        time { datetime: "{at:?}", title: "{clock.exact(at)}", "{clock.to_the_second(at)}" }
                    }
                }
            }
            if let Some(error) = &row.error {
                p { class: "event-row__error", "{error}" }
            }
            if shows_payload() {
                TwilioEventPayload { id, label }
            }
        }
    }
}

fn can_be_processed_again(row: &TwilioEventRow) -> bool {
    match row.state {
        TwilioEventState::Parked | TwilioEventState::Ignored => true,
        TwilioEventState::Pending => row.attempts > 0,
        TwilioEventState::Processed => false,
    }
}

fn tone(state: TwilioEventState) -> Tone {
    match state {
        TwilioEventState::Pending => Tone::Accent,
        TwilioEventState::Processed => Tone::Success,
        TwilioEventState::Ignored => Tone::Neutral,
        TwilioEventState::Parked => Tone::Danger,
    }
}

/// The type without what all of them begin with.
fn kind(event_type: &str) -> &str {
    match event_type {
        "loquent.twilio.status-callback" => "status callback",
        other => other
            .strip_prefix("com.twilio.messaging.")
            .or_else(|| other.strip_prefix("com.twilio."))
            .unwrap_or(other),
    }
}
