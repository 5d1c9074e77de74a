use dioxus::prelude::*;

use crate::{
    entities::states::{LogSource, MessageStatus},
    mods::messaging::types::{DeliveryLogEntry, DeliveryLogError},
    ui::{Icon, use_clock},
};

/// One entry of the delivery log: the status, when, from whom, and what went wrong.
#[component]
pub fn DeliveryLogEntryRow(entry: DeliveryLogEntry) -> Element {
    let clock = use_clock();
    let at = entry.occurred_at;
    let failed = entry.status.is_failure();
    let look = match () {
        () if !entry.applied => " timeline__item--ignored",
        () if failed => " timeline__item--danger",
        () => "",
    };
    let code = entry.error.as_ref().and_then(|error| error.code);
    rsx! {
        li { class: "timeline__item{look}",
            span { class: "timeline__mark", Icon { name: icon(entry.status) } }
            span { class: "timeline__title",
                "{entry.status.label()}"
                if let Some(code) = code {
                    " · {code}"
                }
            }
            time {
                class: "timeline__time",
                datetime: "{at:?}",
                title: "Happened {clock.exact(at)}. Heard of {clock.exact(entry.received_at)}.",
                "{clock.to_the_second(at)}"
            }
            span { class: "timeline__note",
                "{told_by(&entry)}"
                if let Some(word) = &entry.status_word {
                    ". Twilio’s word: {word}."
                }
                if !entry.applied {
                    ". Arrived late: kept, status unchanged."
                }
            }
            if let Some(error) = entry.error {
                ErrorInWords { error }
            }
        }
    }
}

#[component]
fn ErrorInWords(error: DeliveryLogError) -> Element {
    rsx! {
        div { class: "timeline__error",
            if let Some(title) = error.title {
                p { class: "timeline__error-title", "{title}" }
            }
            if let Some(meaning) = error.meaning {
                p { "{meaning}" }
            }
            if let Some(action) = error.action {
                p { "{action}" }
            }
            if let Some(code) = error.code {
                a {
                    class: "link-button",
                    href: "https://www.twilio.com/docs/api/errors/{code}",
                    target: "_blank",
                    rel: "noopener noreferrer",
                    "About {code}"
                    span { class: "sr-only", " on Twilio" }
                }
            }
        }
    }
}

fn icon(status: MessageStatus) -> &'static str {
    match status {
        MessageStatus::Queued | MessageStatus::Sending => "clock",
        MessageStatus::Sent => "check",
        MessageStatus::Delivered | MessageStatus::Read => "checks",
        MessageStatus::Undelivered | MessageStatus::Failed => "alert",
        MessageStatus::Received => "arrow-in",
    }
}

/// Who told us, in words.
fn told_by(entry: &DeliveryLogEntry) -> String {
    match (entry.source, entry.attempt, &entry.by) {
        (LogSource::User, Some(attempt), Some(name)) if attempt > 1 => {
            format!("Sent again by {name}, attempt {attempt}")
        }
        (LogSource::User, Some(attempt), None) if attempt > 1 => {
            format!("Sent again from the inbox, attempt {attempt}")
        }
        (LogSource::User, _, Some(name)) => format!("{name}, from the inbox"),
        (LogSource::User, _, None) => "From the inbox".to_owned(),
        (LogSource::EventStream, _, _) => "Twilio’s event stream".to_owned(),
        (LogSource::Callback, _, _) => "Twilio’s status callback".to_owned(),
        (LogSource::Send, _, _) => "Twilio accepted the message".to_owned(),
        (LogSource::Import, _, _) => "Read from Twilio’s message history".to_owned(),
        (LogSource::Fetch, _, _) => "Looked up at Twilio".to_owned(),
        (LogSource::Reconciliation, _, _) => "Found when comparing with Twilio".to_owned(),
    }
}
