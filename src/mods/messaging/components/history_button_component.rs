use dioxus::prelude::*;

use super::messaging_component::MessagingView;
use crate::{bases::ids::MessageId, ui::Icon};

/// Opens what was heard of a message. With children, they are what is pressed.
#[component]
pub fn HistoryButton(
    message_id: MessageId,
    /// Beside the bubble, to be seen when it is pointed at.
    #[props(default)]
    aside: bool,
    children: Element,
) -> Element {
    let mut view = use_context::<MessagingView>();
    let is_open = (view.history)() == Some(message_id);
    let aside = if aside { " history-button--aside" } else { "" };
    rsx! {
        button {
            class: "history-button{aside}",
            id: history_button_id(message_id),
            r#type: "button",
            title: "Delivery history",
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
            span { class: "sr-only", " Delivery history" }
        }
    }
}

/// The id of the element that opens the history of a message.
pub fn history_button_id(message_id: MessageId) -> String {
    format!("history-{message_id}")
}
