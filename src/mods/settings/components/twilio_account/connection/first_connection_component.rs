use dioxus::prelude::*;

use super::{connect_form_component::ConnectForm, use_shared_component::UseShared};
use crate::{
    mods::{
        account::types::{ConnectionMode, TwilioConnection},
        settings::hooks::use_twilio_account,
    },
    ui::EmptyState,
};

/// The way into the chunk of the forms.
pub fn open_chunk_twilio_forms(connection: TwilioConnection) -> Element {
    rsx! {
        FirstConnection { connection }
    }
}

/// What stands where no account is connected: the way to connect one.
#[component]
fn FirstConnection(connection: TwilioConnection) -> Element {
    if !use_twilio_account().can_change() {
        return rsx! {
            EmptyState {
                title: "No Twilio account yet",
                text: "An admin or owner connects one here. Until then nothing can be sent or received.",
                compact: true,
            }
        };
    }
    rsx! {
        ol { class: "connect-steps",
            li { "Open the Twilio Console and copy the account SID and the auth token." }
            li { "Paste both here. Loquent asks Twilio whether they are right before it saves them." }
            li { "Set up event forwarding and import your numbers below. Each step shows first what it would change." }
        }
        ConnectForm { verb: "Connect account", ondone: move |()| {} }
        if connection.shared_available && connection.mode == ConnectionMode::OwnWithoutCredentials {
            UseShared {}
        }
    }
}
