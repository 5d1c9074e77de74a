use dioxus::prelude::*;

use super::sync_message_history_section_component::SyncMessageHistorySection;
use crate::ui::{Connection, Icon, use_title};

/// What the organization does with Twilio, and what of it is running.
#[component]
pub fn SettingsTwilioPage() -> Element {
    use_title(|| "Twilio settings · Loquent".to_owned());
    rsx! {
        div { class: "settings",
            SettingsNav {}
            main { class: "settings__scroll", id: "settings-main", tabindex: "-1",
                div { class: "settings__layout",
                    div { class: "settings__main",
                        header { class: "page-head",
                            div {
                                h1 { class: "page-head__title", "Twilio" }
                                p { class: "page-head__lede", "Your numbers, and what Loquent takes over from them." }
                            }
                            Connection {}
                        }
                        SyncMessageHistorySection {}
                    }
                }
            }
        }
    }
}

/// The pages of the settings.
#[component]
fn SettingsNav() -> Element {
    rsx! {
        nav { class: "subnav", aria_label: "Settings",
            p { class: "subnav__title", "Settings" }
            p { class: "subnav__group", id: "settings-workspace", "Workspace" }
            ul { aria_labelledby: "settings-workspace",
                li {
                    a {
                        class: "subnav__item",
                        href: "/settings/twilio",
                        aria_current: "page",
                        onclick: |event| event.prevent_default(),
                        Icon { name: "phone" }
                        "Twilio"
                    }
                }
            }
        }
    }
}
