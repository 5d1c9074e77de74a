use dioxus::prelude::*;

use crate::{
    bases::api_json::ApiJson,
    mods::{
        account::TWILIO_FORMS,
        auth::hooks::use_outcomes,
        phone::{
            api::remove_phone_number_api,
            types::{PhoneNumber, RemovePhoneNumberIn},
        },
    },
    ui::{Button, ButtonKind, ChunkForm, Dialog, FieldError, InChunk, use_dialog_about},
};

/// Asks before a number is removed from Loquent. Nothing is changed at Twilio.
#[component]
pub fn RemoveDialog(removing: Signal<Option<PhoneNumber>>, onremoved: EventHandler<()>) -> Element {
    let open = use_dialog_about(removing);
    rsx! {
        Dialog { id: "remove-number", title: "Remove from Loquent?", open,
            if let Some(number) = removing() {
                InChunk {
                    chunk: TWILIO_FORMS,
                    form: ChunkForm::new(open_chunk_twilio_forms, (number, open, onremoved)),
                }
            }
        }
    }
}

/// The way into the chunk of the forms.
fn open_chunk_twilio_forms(
    (number, open, onremoved): (PhoneNumber, Signal<bool>, EventHandler<()>),
) -> Element {
    rsx! {
        RemoveForm { number, open, onremoved }
    }
}

#[component]
fn RemoveForm(number: PhoneNumber, mut open: Signal<bool>, onremoved: EventHandler<()>) -> Element {
    let outcomes = use_outcomes();
    let mut busy = use_signal(|| false);
    let mut error = use_signal(|| None::<String>);
    let (id, name) = (number.id, number.friendly_name.clone());
    let submit = move |event: FormEvent| {
        event.prevent_default();
        let name = name.clone();
        async move {
            busy.set(true);
            error.set(None);
            let wanted = RemovePhoneNumberIn {
                phone_number_id: id,
            };
            match remove_phone_number_api(ApiJson(wanted)).await {
                Ok(()) => {
                    outcomes.tell_success(format!("{name} is removed from Loquent."));
                    open.set(false);
                    onremoved.call(());
                }
                Err(reason) => {
                    error.set(Some(outcomes.words_of(&reason)));
                    busy.set(false);
                }
            }
        }
    };
    rsx! {
        form { aria_label: "Remove from Loquent", onsubmit: submit,
            div { class: "dialog__body dialog__body--text",
                p { "Loquent stops using {number.friendly_name} ({number.shown}). Its conversations stay. You can import it again." }
                p { class: "muted", "Nothing changes at Twilio: you keep the number, and webhooks that point to Loquent stay." }
                if let Some(message) = error() {
                    FieldError { id: "remove-error", message }
                }
            }
            div { class: "dialog__foot",
                Button { onclick: move |_| open.set(false), "Cancel" }
                Button { kind: ButtonKind::Danger, r#type: "submit", busy: busy(), "Remove from Loquent" }
            }
        }
    }
}
