use dioxus::prelude::*;

use crate::{
    mods::account::types::{
        ConnectionMode, TwilioAccountFacts, TwilioAccountStatus, TwilioConnection,
    },
    ui::{Badge, Icon, Tone, When},
};

/// What is known of the account that is connected.
#[component]
pub fn ConnectionFacts(
    connection: TwilioConnection,
    /// Asks for another token; none where the user may not.
    onreplace: Option<EventHandler<()>>,
) -> Element {
    let own = connection.mode == ConnectionMode::Own;
    rsx! {
        dl { class: "dl dl--facts",
            if let Some(sid) = &connection.account_sid {
                div {
                    dt { "Account SID" }
                    dd {
                        code { "{sid}" }
                    }
                }
            }
            if let Some(facts) = &connection.account {
                div {
                    dt { "Account name" }
                    dd {
                        "{facts.name}"
                        AccountKind { facts: facts.clone() }
                    }
                }
            }
            if own {
                div {
                    dt { "Auth token" }
                    dd {
                        Icon { name: "lock", size: "sm" }
                        "Encrypted"
                        if let Some(onreplace) = onreplace {
                            button {
                                class: "link-button",
                                r#type: "button",
                                onclick: move |_| onreplace.call(()),
                                "Replace"
                                span { class: "sr-only", " the auth token" }
                            }
                        }
                    }
                }
            }
            div {
                dt { "Last checked" }
                dd {
                    match connection.last_checked_at {
                        Some(at) => rsx! {
                            When { at }
                        },
                        None => rsx! { "Not yet" },
                    }
                    if let Some(took) = connection.check_took_ms {
                        span { class: "subtle num", "{took} ms" }
                    }
                }
            }
            div {
                dt { "Twilio reaches Loquent at" }
                dd {
                    code { "{connection.public_url}" }
                }
            }
        }
    }
}

/// What is special about the account.
#[component]
fn AccountKind(facts: TwilioAccountFacts) -> Element {
    rsx! {
        match facts.status {
            TwilioAccountStatus::Active => rsx! {},
            TwilioAccountStatus::Suspended => rsx! {
                Badge { tone: Tone::Danger, "Suspended" }
            },
            TwilioAccountStatus::Closed => rsx! {
                Badge { tone: Tone::Danger, "Closed" }
            },
        }
        if facts.is_trial {
            Badge { tone: Tone::Warning, "Trial" }
        }
        if facts.is_sub_account {
            Badge { tone: Tone::Neutral, "Sub-account" }
        }
    }
}
