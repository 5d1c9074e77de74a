use dioxus::{html::FormValue, prelude::*};

use crate::{
    bases::api_json::ApiJson,
    mods::auth::{api::change_password_api, hooks::use_session, types::ChangePasswordIn},
    ui::{Button, ButtonKind, Dialog, Field, FieldError, use_toasts},
};

/// Where people give themselves a new password. It signs them out on their other devices.
#[component]
pub fn ChangePasswordDialog(open: Signal<bool>) -> Element {
    rsx! {
        Dialog { id: "change-password", title: "Change password", open,
            ChangeForm { open }
        }
    }
}

#[component]
fn ChangeForm(open: Signal<bool>) -> Element {
    let session = use_session();
    let toasts = use_toasts();
    let mut busy = use_signal(|| false);
    let mut error = use_signal(|| None::<String>);
    let change = move |event: FormEvent| async move {
        event.prevent_default();
        if busy() {
            return;
        }
        busy.set(true);
        error.set(None);
        match change_password_api(ApiJson(passwords(&event))).await {
            Ok(()) => {
                toasts.success("Your password is changed.");
                open.set(false);
            }
            Err(reason) => {
                session.ended_by(&reason);
                error.set(Some(reason.to_string()));
                busy.set(false);
            }
        }
    };
    rsx! {
        // Never as a GET, which would write the passwords into the address.
        form { method: "post", aria_label: "Change password", onsubmit: change,
            div { class: "dialog__body",
                PasswordInput { id: "present-password", label: "Present password", autocomplete: "current-password" }
                PasswordInput { id: "new-password", label: "New password", autocomplete: "new-password" }
                p { class: "muted", "At least 10 characters. It signs you out on your other devices." }
                if let Some(message) = error() {
                    FieldError { id: "change-password-error", message }
                }
            }
            div { class: "dialog__foot",
                Button { onclick: move |_| open.set(false), "Cancel" }
                Button {
                    kind: ButtonKind::Primary,
                    r#type: "submit",
                    busy: busy(),
                    "Change password"
                }
            }
        }
    }
}

#[component]
fn PasswordInput(id: &'static str, label: &'static str, autocomplete: &'static str) -> Element {
    rsx! {
        Field { id, label,
            input {
                class: "input",
                id,
                name: id,
                r#type: "password",
                autocomplete,
                required: true,
            }
        }
    }
}

/// What stands in the form; a password manager may have filled it.
fn passwords(event: &FormEvent) -> ChangePasswordIn {
    let text = |name: &str| match event.get_first(name) {
        Some(FormValue::Text(text)) => text,
        _ => String::new(),
    };
    ChangePasswordIn {
        present_password: text("present-password"),
        new_password: text("new-password"),
    }
}
