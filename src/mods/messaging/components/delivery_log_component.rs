use dioxus::prelude::*;

use super::{delivery_log_entry_component::DeliveryLogEntryRow, messaging_view::MessagingView};
use crate::{
    bases::{browser, error::AppError},
    entities::states::{MessageDirection, MessageSource},
    mods::messaging::{
        hooks::{HistoryState, use_delivery_log},
        types::{DeliveryLog as History, Message},
        utils::preview_util,
    },
    ui::{Button, ButtonSize, Icon, IconButton},
};

const TITLE_ID: &str = "message-history-title";

/// What was heard of a message, first to last, and where it came from.
#[component]
pub fn DeliveryLog(message: Message) -> Element {
    let mut view = use_context::<MessagingView>();
    let shown = use_delivery_log(message.id);
    use_effect(|| {
        browser::focus("#message-history");
    });
    rsx! {
        section {
            class: "panel-section message-history",
            id: "message-history",
            aria_labelledby: TITLE_ID,
            tabindex: "-1",
            div { class: "panel-section__title",
                h3 { id: TITLE_ID, "Delivery history" }
                IconButton {
                    icon: "x",
                    label: "Close delivery history",
                    small: true,
                    onclick: move |_| view.close_history(),
                }
            }
            Which { message: message.clone() }
            match shown.state() {
                HistoryState::Loading => rsx! { Loading {} },
                HistoryState::Failed(error) => rsx! {
                    Failed { error, onretry: move |()| shown.load() }
                },
                HistoryState::Ready(history) => rsx! { Entries { history } },
            }
        }
    }
}

/// Which message it is, and where it came from.
#[component]
fn Which(message: Message) -> Element {
    let text = message.body.as_deref().map(preview_util);
    let outbound = message.direction == MessageDirection::Outbound;
    let origin = match (message.source, outbound, &message.sent_by_name) {
        (Some(MessageSource::External), true, _) => {
            "Sent outside Loquent, by another app on your Twilio account.".to_owned()
        }
        (Some(MessageSource::External), false, _) => {
            "Not received by Loquent itself; captured from your Twilio account.".to_owned()
        }
        (Some(MessageSource::Import), _, _) => "Imported from Twilio’s message history.".to_owned(),
        (Some(MessageSource::Loquent), true, Some(name)) => format!("Sent from Loquent by {name}."),
        (Some(MessageSource::Loquent), true, None) => "Sent from Loquent.".to_owned(),
        (Some(MessageSource::Loquent), false, _) => "Received by Loquent.".to_owned(),
        (None, _, _) => "Where it came from was not kept.".to_owned(),
    };
    let segments = match message.num_segments {
        Some(1) => Some("1 segment".to_owned()),
        Some(segments) => Some(format!("{segments} segments")),
        None => None,
    };
    rsx! {
        div { class: "message-history__which",
            if let Some(text) = text {
                p { "“{text}”" }
            }
            p { class: "message-history__origin", "{origin}" }
            if message.is_checking {
                p { class: "message-history__unknown",
                    Icon { name: "help" }
                    "Not known to be sent: Twilio’s answer was lost. Checking with Twilio…"
                }
            }
            p { class: "subtle",
                if let Some(sid) = message.external_id {
                    code { title: "{sid}", "{short_sid(&sid)}" }
                } else {
                    "No Twilio SID yet"
                }
                if let Some(segments) = segments {
                    " · {segments}"
                }
            }
        }
    }
}

#[component]
fn Entries(history: History) -> Element {
    if history.entries.is_empty() {
        return rsx! {
            p { class: "muted", "Nothing was kept of its way." }
        };
    }
    rsx! {
        if history.earlier_left_out {
            p { class: "subtle", "Earlier news is left out." }
        }
        ol { class: "timeline", aria_label: "What was heard of the message",
            for entry in history.entries {
                DeliveryLogEntryRow { key: "{entry.id}", entry }
            }
        }
    }
}

#[component]
fn Loading() -> Element {
    rsx! {
        div { class: "skeleton-group", role: "status",
            span { class: "sr-only", "Loading the delivery history" }
            for row in 0..3 {
                span { key: "{row}", class: "skeleton" }
            }
        }
    }
}

#[component]
fn Failed(error: AppError, onretry: EventHandler<()>) -> Element {
    rsx! {
        div { role: "alert", class: "message-history__failed",
            p { "The delivery history could not be loaded. {error}" }
            Button { size: ButtonSize::Small, icon: "refresh", onclick: move |_| onretry.call(()), "Try again" }
        }
    }
}

/// `SM••••••••7c1e`
fn short_sid(sid: &str) -> String {
    match (
        sid.get(..2),
        sid.len().checked_sub(4).and_then(|at| sid.get(at..)),
    ) {
        (Some(kind), Some(end)) if sid.len() > 10 => format!("{kind}••••••••{end}"),
        _ => sid.to_owned(),
    }
}
