use dioxus::prelude::*;

use crate::{
    mods::{account::api::drop_previous_token_api, settings::hooks::use_twilio_account},
    ui::{Banner, Button, ButtonSize, Tone},
};

/// The way into the chunk of the forms.
pub fn open_chunk_twilio_forms((): ()) -> Element {
    rsx! {
        PreviousToken {}
    }
}

/// The end of a rotation of the auth token.
#[component]
fn PreviousToken() -> Element {
    let account = use_twilio_account();
    let mut busy = use_signal(|| false);
    let drop_it = move |_| async move {
        busy.set(true);
        match drop_previous_token_api().await {
            Ok(connection) => {
                account.take_connection(connection);
                account
                    .outcomes
                    .tell_success("Only the new token is accepted now.");
                account.refresh();
            }
            Err(error) => account
                .outcomes
                .tell_failure("The old token is still accepted.", &error),
        }
        busy.set(false);
    };
    rsx! {
        Banner { tone: Tone::Warning, icon: "key", boxed: true,
            p { "Signatures of the old auth token are still accepted. Drop it once Twilio uses the new one only." }
            if account.can_change() {
                Button {
                    size: ButtonSize::Small,
                    busy: busy(),
                    onclick: drop_it,
                    "Drop the old token"
                }
            }
        }
    }
}
