use dioxus::prelude::*;

use super::messaging_view::MessagingView;
use crate::{
    bases::browser,
    mods::messaging::hooks::{Thread, use_inbox},
    ui::{Avatar, Icon, IconButton, NumberTag, hue_of, open_page},
};

/// Above the messages: whom they are with, and through which number.
#[component]
pub fn ThreadHead(thread: Thread) -> Element {
    let inbox = use_inbox();
    let navigator = use_navigator();
    let mut view = use_context::<MessagingView>();
    let conversation = thread.conversation();
    let conversation = conversation.read();
    let contact = &conversation.contact;
    let number = inbox.number(conversation.phone_number_id);
    rsx! {
        header { class: "thread-head",
            a {
                class: "button button--ghost button--icon phone-only",
                href: "/messaging",
                aria_label: "Back to conversations",
                onclick: move |event| open_page(&event, "/messaging"),
                Icon { name: "chevron-left" }
            }
            Avatar { initials: contact.initials(), hue: hue_of(contact.id.0) }
            div { class: "thread-head__who",
                h2 { class: "thread-head__name", bdi { "{contact.display_name()}" } }
                p { class: "thread-head__sub",
                    if contact.initials().is_some() {
                        span { class: "num", "{contact.phone_shown}" }
                    }
                    if let Some(number) = number {
                        NumberTag { name: number.friendly_name, hue: hue_of(number.id.0) }
                    }
                }
            }
            div { class: "thread-head__actions",
                IconButton {
                    icon: "mail",
                    label: "Mark unread",
                    small: true,
                    onclick: move |_| async move {
                        if thread.mark_unread().await {
                            navigator.push("/messaging");
                            browser::focus(".conversation-row");
                        }
                    },
                }
                IconButton {
                    icon: "panel-right",
                    label: "Contact details",
                    small: true,
                    class: "details-toggle",
                    aria_expanded: if view.shows_details() { "true" } else { "false" },
                    aria_keyshortcuts: "I",
                    onclick: move |_| view.toggle_details(),
                }
            }
        }
    }
}
