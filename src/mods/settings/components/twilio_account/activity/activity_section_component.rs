use dioxus::prelude::*;

use super::activity_row_component::ActivityRow;
use crate::{
    mods::settings::hooks::use_twilio_account,
    ui::{Button, Card, EmptyState, Icon, Table},
};

/// Every change that Loquent made in the Twilio account, newest first, with its way back.
#[component]
pub fn ActivitySection() -> Element {
    let account = use_twilio_account();
    let activity = account.activity();
    rsx! {
        Card {
            id: "activity",
            title: "Account activity",
            lede: "Every change that Loquent made to your Twilio account. Reads are not listed.",
            badge: rsx! {
                if !activity.changes.is_empty() {
                    div { class: "card__actions",
                        a {
                            class: "button button--sm",
                            href: "/api/twilio/account-changes.csv",
                            download: "twilio-account-activity.csv",
                            Icon { name: "import" }
                            "Export CSV"
                        }
                    }
                }
            },
            if activity.changes.is_empty() {
                div { class: "card__section",
                    EmptyState {
                        title: "Nothing was changed yet",
                        text: "What Loquent changes at Twilio is listed here, with who did it and when.",
                        compact: true,
                    }
                }
            } else {
                Table { caption: "Changes made to your Twilio account",
                    thead {
                        tr {
                            th { scope: "col", "When" }
                            th { scope: "col", "Who" }
                            th { scope: "col", "Change" }
                            th { scope: "col",
                                span { class: "sr-only", "Undo" }
                            }
                        }
                    }
                    tbody {
                        for change in activity.changes {
                            ActivityRow { key: "{change.id}", change }
                        }
                    }
                }
                if activity.next_before.is_some() {
                    div { class: "card__section cluster",
                        Button {
                            busy: account.is_loading_more(),
                            onclick: move |_| account.load_more(),
                            "Show older changes"
                        }
                    }
                }
            }
        }
    }
}
