use chrono::{DateTime, Utc};
use dioxus::prelude::*;

use super::messaging_view::{MessagingView, history_button_id};
use crate::{
    bases::ids::MessageId,
    ui::{Icon, use_clock},
};

/// Opens what was heard of a message. With children, they are what is pressed.
#[component]
pub fn DeliveryLogButton(
    message_id: MessageId,
    /// When the message was sent.
    at: DateTime<Utc>,
    /// It is in the message that the Tab key reaches.
    tab_stop: bool,
    /// Beside the bubble, to be seen when it is pointed at.
    #[props(default)]
    aside: bool,
    children: Element,
) -> Element {
    let clock = use_clock();
    let mut view = use_context::<MessagingView>();
    let is_open = (view.history)() == Some(message_id);
    let aside = if aside { " history-button--aside" } else { "" };
    rsx! {
        button {
            class: "history-button{aside}",
            id: history_button_id(message_id),
            r#type: "button",
            title: "Delivery history",
            tabindex: tab_index(tab_stop),
            aria_expanded: if is_open { "true" } else { "false" },
            onclick: move |_| {
                if is_open {
                    view.close_history();
                } else {
                    view.open_history(message_id);
                }
            },
            {children}
            span { class: "history-button__icon", Icon { name: "history" } }
            span { class: "sr-only", " Delivery history, {clock.time_of_day(at)}" }
        }
    }
}

/// What is in a message is reached by the Tab key only where the message is.
pub fn tab_index(tab_stop: bool) -> Option<&'static str> {
    (!tab_stop).then_some("-1")
}
