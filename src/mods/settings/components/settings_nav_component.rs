use dioxus::prelude::*;

use crate::ui::{Icon, open_page};

/// The pages of the settings: address, picture and name.
const PAGES: [(&str, &str, &str); 2] = [
    ("/settings/twilio", "phone", "Twilio"),
    ("/settings/twilio/events", "activity", "Events"),
];

/// The pages of the settings, beside the one that is open.
#[component]
pub fn SettingsNav(
    /// Its address.
    current: &'static str,
) -> Element {
    rsx! {
        nav { class: "subnav", aria_label: "Settings",
            p { class: "subnav__title", "Settings" }
            p { class: "subnav__group", id: "settings-workspace", "Workspace" }
            ul { aria_labelledby: "settings-workspace",
                for (to, icon, label) in PAGES {
                    li { key: "{to}",
                        a {
                            class: "subnav__item",
                            href: to,
                            aria_current: (to == current).then_some("page"),
                            onclick: move |event| open_page(&event, to),
                            Icon { name: icon }
                            "{label}"
                        }
                    }
                }
            }
        }
    }
}
