use dioxus::prelude::*;

use crate::{
    bases::{api_json::ApiJson, browser},
    mods::{
        account::{api::connect_twilio_api, types::ConnectTwilioIn},
        settings::hooks::use_twilio_account,
    },
    ui::{Button, ButtonKind, Field, FieldError, Icon},
};

/// The way into the chunk of the forms.
pub fn open_chunk_twilio_forms((verb, ondone): (&'static str, EventHandler<()>)) -> Element {
    rsx! {
        ConnectForm { verb, ondone }
    }
}

/// Where the account SID and the auth token of an account are given. Twilio is asked before
/// anything is saved.
#[component]
pub fn ConnectForm(
    /// `Connect account`, or `Replace token`.
    verb: &'static str,
    ondone: EventHandler<()>,
) -> Element {
    let account = use_twilio_account();
    let sid = use_signal(String::new);
    let mut token = use_signal(String::new);
    let mut busy = use_signal(|| false);
    let mut error = use_signal(|| None::<String>);
    let submit = move |event: FormEvent| async move {
        event.prevent_default();
        if busy() {
            return;
        }
        busy.set(true);
        error.set(None);
        let given = ConnectTwilioIn {
            account_sid: sid.peek().trim().to_owned(),
            auth_token: token.peek().trim().to_owned(),
        };
        match connect_twilio_api(ApiJson(given)).await {
            Ok(connection) => {
                account
                    .outcomes
                    .tell_success("The Twilio account is connected.");
                token.set(String::new());
                busy.set(false);
                ondone.call(());
                account.take_connection(connection);
                account.refresh();
            }
            Err(reason) => {
                error.set(Some(account.outcomes.words_of(&reason)));
                busy.set(false);
                browser::focus("#connect-sid");
            }
        }
    };
    let wrong = error.read().is_some();
    rsx! {
        form { class: "connect-form", aria_label: verb, onsubmit: submit,
            SidField { sid, wrong }
            TokenField { token, wrong }
            if let Some(message) = error() {
                FieldError { id: "connect-error", message }
            }
            div { class: "cluster",
                Button {
                    kind: ButtonKind::Primary,
                    icon: "link",
                    r#type: "submit",
                    busy: busy(),
                    disabled: sid.read().trim().is_empty() || token.read().trim().is_empty(),
                    "{verb}"
                }
                span { class: "subtle small",
                    Icon { name: "lock", size: "sm" }
                    " Nothing changes in your Twilio account."
                }
            }
        }
    }
}

#[component]
fn SidField(mut sid: Signal<String>, wrong: bool) -> Element {
    rsx! {
        Field { id: "connect-sid", label: "Account SID",
            input {
                class: "input",
                id: "connect-sid",
                name: "account_sid",
                autocomplete: "off",
                spellcheck: "false",
                required: true,
                placeholder: "AC…",
                value: "{sid}",
                aria_invalid: wrong.then_some("true"),
                aria_describedby: if wrong { "connect-error" } else { "connect-hint" },
                oninput: move |event| sid.set(event.value()),
            }
        }
    }
}

#[component]
fn TokenField(mut token: Signal<String>, wrong: bool) -> Element {
    rsx! {
        Field { id: "connect-token", label: "Auth token",
            input {
                class: "input",
                id: "connect-token",
                name: "auth_token",
                r#type: "password",
                autocomplete: "off",
                required: true,
                value: "{token}",
                aria_describedby: if wrong { "connect-error" } else { "connect-hint" },
                oninput: move |event| token.set(event.value()),
            }
            p { class: "field__hint", id: "connect-hint",
                "Both are in the Twilio Console under Account Info. The token is stored encrypted and never shown again."
            }
        }
    }
}
