use dioxus::prelude::*;

use crate::{
    bases::api_json::ApiJson,
    mods::{
        account::{TWILIO_FORMS, api::disconnect_twilio_api, types::DisconnectTwilioIn},
        settings::hooks::use_twilio_account,
    },
    ui::{Button, ButtonKind, ChunkForm, Dialog, FieldError, InChunk},
};

/// Asks before the organization's own account is forgotten.
#[component]
pub fn DisconnectDialog(open: Signal<bool>) -> Element {
    rsx! {
        Dialog { id: "disconnect", title: "Disconnect your Twilio account?", open,
            InChunk { chunk: TWILIO_FORMS, form: ChunkForm::new(open_chunk_twilio_forms, open) }
        }
    }
}

/// The way into the chunk of the forms.
fn open_chunk_twilio_forms(open: Signal<bool>) -> Element {
    rsx! {
        DisconnectForm { open }
    }
}

#[component]
fn DisconnectForm(open: Signal<bool>) -> Element {
    let account = use_twilio_account();
    let shared_available = account.connection().shared_available;
    let mut use_shared = use_signal(|| false);
    let mut busy = use_signal(|| false);
    let mut error = use_signal(|| None::<String>);
    let submit = move |event: FormEvent| async move {
        event.prevent_default();
        busy.set(true);
        error.set(None);
        let wanted = ApiJson(DisconnectTwilioIn {
            use_shared: use_shared(),
        });
        match disconnect_twilio_api(wanted).await {
            Ok(connection) => {
                account
                    .outcomes
                    .tell_success("The Twilio account is disconnected.");
                open.set(false);
                account.take_connection(connection);
                account.refresh();
            }
            Err(reason) => {
                error.set(Some(account.outcomes.words_of(&reason)));
                busy.set(false);
            }
        }
    };
    rsx! {
        form { aria_label: "Disconnect", onsubmit: submit,
            div { class: "dialog__body dialog__body--text",
                p { "Loquent forgets the account SID and the auth token. Messages and history stay. Its numbers are suspended: nothing is sent or received until the account is connected again." }
                p { class: "muted",
                    "Nothing changes at Twilio: an event sink and webhooks that were set up there stay. To take them away, undo them under Account activity first."
                }
                if shared_available {
                    label { class: "checkbox",
                        input {
                            r#type: "checkbox",
                            checked: use_shared(),
                            onchange: move |event| use_shared.set(event.checked()),
                        }
                        "Use the shared account from now on"
                    }
                }
                if let Some(message) = error() {
                    FieldError { id: "disconnect-error", message }
                }
            }
            div { class: "dialog__foot",
                Button { onclick: move |_| open.set(false), "Cancel" }
                Button {
                    kind: ButtonKind::Danger,
                    r#type: "submit",
                    busy: busy(),
                    "Disconnect"
                }
            }
        }
    }
}
