use dioxus::{html::FormValue, prelude::*};

use super::login_scene_component::LoginScene;
use crate::{
    bases::{api_json::ApiJson, browser},
    mods::auth::{
        api::login_api,
        types::{LoginIn, NextPage, SignInFailure},
    },
    ui::{Banner, Button, ButtonKind, ButtonSize, Field, Icon, Logo, Tone, use_title},
};

/// Where one signs in. `next` is the page to go to afterwards; `failed` says why a form that was
/// posted before the page was live did not do it.
#[component]
pub fn LoginPage(next: ReadSignal<String>, failed: ReadSignal<String>) -> Element {
    use_title(|| "Sign in · Loquent".to_owned());
    rsx! {
        div { class: "auth",
            main { class: "auth__form",
                div { class: "auth__box",
                    div { class: "brand",
                        Logo {}
                        "Loquent"
                    }
                    div {
                        h1 { class: "auth__title", "Sign in" }
                        p { class: "auth__lead muted", "to your team’s inbox" }
                    }
                    SignInForm { next, failed }
                }
                footer { class: "auth__foot",
                    span { {concat!("Loquent ", env!("CARGO_PKG_VERSION"))} }
                }
            }
            LoginScene {}
        }
    }
}

#[component]
fn SignInForm(next: ReadSignal<String>, failed: ReadSignal<String>) -> Element {
    let mut busy = use_signal(|| false);
    let mut error = use_signal(|| SignInFailure::parse(&failed.peek()).map(SignInFailure::text));
    let sign_in = move |event: FormEvent| async move {
        event.prevent_default();
        if busy() {
            return;
        }
        busy.set(true);
        error.set(None);
        match login_api(ApiJson(credentials(&event))).await {
            Ok(_) => browser::load_page(NextPage::parse(&next.read()).as_str()),
            Err(reason) => {
                error.set(Some(reason.to_string()));
                busy.set(false);
                browser::focus("#password");
            }
        }
    };
    rsx! {
        form {
            class: "auth__fields stack",
            // Until the page is live, the browser posts it. Never as a GET, which
            // would write the password into the address.
            method: "post",
            action: "/sign-in",
            aria_label: "Sign in",
            onsubmit: sign_in,
            input { r#type: "hidden", name: "next", value: "{next}" }
            if let Some(error) = error() {
                Banner { tone: Tone::Danger, icon: "alert", boxed: true, role: "alert", id: "sign-in-error",
                    p { "{error}" }
                }
            }
            EmailField { failed: error.read().is_some() }
            PasswordField { failed: error.read().is_some() }
            label { class: "checkbox",
                input { r#type: "checkbox", name: "remember", value: "yes", checked: true }
                "Keep me signed in on this device"
            }
            Button {
                kind: ButtonKind::Primary,
                size: ButtonSize::Block,
                r#type: "submit",
                busy: busy(),
                "Sign in"
            }
            p { class: "subtle tiny",
                "Forgot your password? Ask an admin of your organization for a new one."
            }
        }
    }
}

#[component]
fn EmailField(failed: bool) -> Element {
    rsx! {
        Field { id: "email", label: "Email",
            input {
                class: "input",
                id: "email",
                name: "email",
                r#type: "email",
                autocomplete: "username",
                required: true,
                placeholder: "you@company.com",
                aria_describedby: failed.then_some("sign-in-error"),
            }
        }
    }
}

/// The password, which can be made readable.
#[component]
fn PasswordField(failed: bool) -> Element {
    let mut shown = use_signal(|| false);
    rsx! {
        Field { id: "password", label: "Password",
            div { class: "input-icon input-icon--end",
                input {
                    class: "input",
                    id: "password",
                    name: "password",
                    r#type: if shown() { "text" } else { "password" },
                    autocomplete: "current-password",
                    required: true,
                    aria_describedby: failed.then_some("sign-in-error"),
                }
                button {
                    class: "button button--ghost button--icon",
                    r#type: "button",
                    aria_label: "Show password",
                    aria_pressed: if shown() { "true" } else { "false" },
                    onclick: move |_| shown.toggle(),
                    Icon { name: "eye" }
                }
            }
        }
    }
}

/// What stands in the form. The browser may have filled it before the page was live, so it is
/// read from there and not from what was typed.
fn credentials(event: &FormEvent) -> LoginIn {
    let text = |name: &str| match event.get_first(name) {
        Some(FormValue::Text(text)) => text,
        _ => String::new(),
    };
    LoginIn {
        email: text("email").trim().to_owned(),
        password: text("password"),
        remember: !text("remember").is_empty(),
    }
}
