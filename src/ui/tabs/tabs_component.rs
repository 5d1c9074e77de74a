use dioxus::prelude::*;

/// One choice of [`Tabs`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    pub id: &'static str,
    pub label: &'static str,
    pub count: i64,
}

/// A row of choices, of which one is on. One stop of the Tab key; arrows move in it.
#[component]
pub fn Tabs(
    label: &'static str,
    /// The id of the element that the choice changes.
    controls: &'static str,
    tabs: Vec<Tab>,
    selected: &'static str,
    onselect: EventHandler<&'static str>,
) -> Element {
    let ids: Vec<&'static str> = tabs.iter().map(|tab| tab.id).collect();
    let step = move |key: &Key| {
        let here = ids
            .iter()
            .position(|id| *id == selected)
            .unwrap_or_default();
        let there = match key {
            Key::ArrowRight => (here + 1) % ids.len(),
            Key::ArrowLeft => (here + ids.len() - 1) % ids.len(),
            Key::Home => 0,
            Key::End => ids.len() - 1,
            _ => return false,
        };
        onselect.call(ids[there]);
        crate::bases::browser::focus(&format!("#{}", ids[there]));
        true
    };
    rsx! {
        div {
            class: "tabs",
            role: "tablist",
            aria_label: label,
            onkeydown: move |event| {
                if step(&event.key()) {
                    event.prevent_default();
                }
            },
            for tab in tabs {
                button {
                    key: "{tab.id}",
                    class: "tab",
                    id: tab.id,
                    role: "tab",
                    r#type: "button",
                    aria_selected: if tab.id == selected { "true" } else { "false" },
                    aria_controls: controls,
                    tabindex: if tab.id == selected { "0" } else { "-1" },
                    onclick: move |_| onselect.call(tab.id),
                    "{tab.label} "
                    span { class: "tab__count", "{tab.count}" }
                }
            }
        }
    }
}
