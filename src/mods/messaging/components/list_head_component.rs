use dioxus::prelude::*;

use super::{from_picker_component::sending_numbers, messaging_view::MessagingView};
use crate::{
    mods::messaging::{hooks::use_inbox, types::ConversationFilter},
    ui::{Connection, IconButton, Tab, Tabs},
};

/// The id of the element that holds the list.
pub const PANEL_ID: &str = "conversation-panel";

/// The id of the tab that shows a filter.
pub fn tab_id(filter: ConversationFilter) -> &'static str {
    match filter {
        ConversationFilter::All => "tab-all",
        ConversationFilter::Unread => "tab-unread",
    }
}

/// Above the list: its name, whether it is live, and what it shows.
#[component]
pub fn ListHead() -> Element {
    let inbox = use_inbox();
    let mut view = use_context::<MessagingView>();
    let filters = [
        (ConversationFilter::All, "All", inbox.total()),
        (ConversationFilter::Unread, "Unread", inbox.unread()),
    ];
    let tabs = filters.map(|(filter, label, count)| Tab {
        id: tab_id(filter),
        label,
        count,
    });
    rsx! {
        div { class: "list-head",
            div { class: "spread",
                h2 { class: "list-head__title", "Inbox" }
                div { class: "cluster",
                    Connection {}
                    if !sending_numbers(inbox).is_empty() {
                        IconButton {
                            icon: "compose",
                            label: "New message",
                            small: true,
                            aria_keyshortcuts: "C",
                            onclick: move |_| view.composing.set(true),
                        }
                    }
                }
            }
            Tabs {
                label: "Filter conversations",
                controls: PANEL_ID,
                tabs: tabs.to_vec(),
                selected: tab_id(inbox.filter()),
                onselect: move |id| {
                    let chosen = filters.iter().find(|(filter, ..)| tab_id(*filter) == id);
                    if let Some((filter, ..)) = chosen {
                        inbox.select(*filter);
                    }
                },
            }
        }
    }
}
