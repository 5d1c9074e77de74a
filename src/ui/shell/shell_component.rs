use dioxus::prelude::*;

use crate::{
    bases::browser,
    ui::{CountBadge, Icon, open_page},
};

/// Where `assets/theme.js` finds the theme again.
const THEME_KEY: &str = "loquent.theme";

/// A way to a part of the product.
#[component]
pub fn RailLink(
    to: &'static str,
    icon: &'static str,
    label: &'static str,
    current: bool,
    /// What waits there, unread.
    #[props(default)]
    count: i64,
) -> Element {
    rsx! {
        a {
            class: "rail__item",
            href: to,
            aria_current: current.then_some("page"),
            title: label,
            onclick: move |event| open_page(&event, to),
            Icon { name: icon }
            span { class: "rail__label", "{label}" }
            if count > 0 {
                CountBadge { count }
            }
        }
    }
}

/// Something to do from anywhere; hidden on a phone.
#[component]
pub fn RailButton(
    icon: &'static str,
    label: &'static str,
    hint: &'static str,
    onclick: EventHandler<()>,
) -> Element {
    rsx! {
        button {
            class: "rail__item rail__item--desktop",
            r#type: "button",
            aria_label: label,
            title: hint,
            onclick: move |_| onclick.call(()),
            Icon { name: icon }
        }
    }
}

/// Changes between light and dark, and remembers it in this browser.
#[component]
pub fn ThemeSwitch() -> Element {
    rsx! {
        RailButton {
            icon: "moon",
            label: "Switch theme",
            hint: "Switch theme",
            onclick: move |()| switch_theme(),
        }
    }
}

/// Changes between light and dark, and remembers it in this browser.
pub fn switch_theme() {
    let theme = if is_dark() { "light" } else { "dark" };
    browser::store(THEME_KEY, Some(theme));
    #[cfg(feature = "web")]
    if let Some(root) = web_sys::window().and_then(|window| window.document()?.document_element()) {
        // Fails only for a name that is none.
        let _ = root.set_attribute("data-theme", theme);
    }
}

fn is_dark() -> bool {
    #[cfg(feature = "web")]
    if browser::stored(THEME_KEY).is_none() {
        return web_sys::window()
            .and_then(|window| {
                window
                    .match_media("(prefers-color-scheme: dark)")
                    .ok()
                    .flatten()
            })
            .is_some_and(|query| query.matches());
    }
    browser::stored(THEME_KEY).as_deref() == Some("dark")
}
