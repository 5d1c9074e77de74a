use dioxus::prelude::*;

use crate::{
    mods::account::types::{ConnectionMode, TwilioConnection},
    ui::{Badge, Icon, Tone},
};

/// Whether the account can be used, in a word.
#[component]
pub fn ConnectionBadge(connection: TwilioConnection) -> Element {
    match connection.mode {
        ConnectionMode::NotConnected => rsx! {
            Badge { tone: Tone::Neutral, "Not connected" }
        },
        ConnectionMode::OwnWithoutCredentials => rsx! {
            Badge { tone: Tone::Danger, "Not connected" }
        },
        ConnectionMode::Shared | ConnectionMode::Own if connection.problem.is_some() => rsx! {
            Badge { tone: Tone::Danger, "Cannot be used" }
        },
        ConnectionMode::Shared | ConnectionMode::Own if connection.last_checked_at.is_none() => {
            rsx! {
                Badge { tone: Tone::Neutral, "Not checked yet" }
            }
        }
        ConnectionMode::Shared | ConnectionMode::Own => rsx! {
            Badge { tone: Tone::Success,
                Icon { name: "check" }
                "Connected"
            }
        },
    }
}
