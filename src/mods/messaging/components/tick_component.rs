use dioxus::prelude::*;

use crate::{entities::states::MessageStatus, mods::messaging::types::OutgoingState, ui::Icon};

/// How far a message came: by shape, word and colour.
#[component]
pub fn Tick(
    status: MessageStatus,
    #[props(default)] local: Option<OutgoingState>,
    /// It is not known whether Twilio took it.
    #[props(default)]
    is_checking: bool,
) -> Element {
    let (state, icon, word) = match (local, status) {
        (Some(OutgoingState::Waiting), _) => ("queued", "clock", "Waiting"),
        (Some(OutgoingState::Failed(_)), _) => ("failed", "alert", "Not sent"),
        (None, MessageStatus::Queued) if is_checking => {
            ("checking", "help", "Not known to be sent, checking…")
        }
        (_, MessageStatus::Queued) => ("queued", "clock", "Queued"),
        (_, MessageStatus::Sending) => ("queued", "clock", "Sending"),
        (_, MessageStatus::Sent) => ("sent", "check", "Sent"),
        (_, MessageStatus::Delivered | MessageStatus::Read) => {
            ("delivered", "checks", status.label())
        }
        (_, MessageStatus::Undelivered | MessageStatus::Failed) => {
            ("failed", "alert", status.label())
        }
        (_, MessageStatus::Received) => return rsx! {},
    };
    rsx! {
        span { class: "tick tick--{state}", "data-status": if state == "checking" { "checking" } else { status.as_str() },
            Icon { name: icon }
            "{word}"
        }
    }
}
