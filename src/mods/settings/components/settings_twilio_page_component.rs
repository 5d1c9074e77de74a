use dioxus::prelude::*;

use super::{
    reconciliation_section_component::ReconciliationSection, settings_nav_component::SettingsNav,
    sync_message_history_section_component::SyncMessageHistorySection,
};
use crate::ui::{Connection, use_title};

/// What the organization does with Twilio, and what of it is running.
#[component]
pub fn SettingsTwilioPage() -> Element {
    use_title(|| "Twilio settings · Loquent".to_owned());
    rsx! {
        div { class: "settings",
            SettingsNav { current: "/settings/twilio" }
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
                        ReconciliationSection {}
                    }
                }
            }
        }
    }
}
