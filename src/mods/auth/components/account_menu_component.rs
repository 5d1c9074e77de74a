use dioxus::prelude::*;

use super::change_password_dialog_component::ChangePasswordDialog;
use crate::{
    entities::states::Role,
    mods::auth::hooks::use_session,
    ui::{Avatar, AvatarSize, Icon, hue_of, switch_theme, use_toasts},
};

const MENU_ID: &str = "account-menu";

/// Who is signed in, and the way out. The menu opens without script.
#[component]
pub fn AccountMenu() -> Element {
    let session = use_session();
    let toasts = use_toasts();
    let user = session.user();
    let mut changes_password = use_signal(|| false);
    let sign_out = move |_| async move {
        if let Err(error) = session.sign_out().await {
            toasts.failure(format!("You are still signed in. {error}"));
        }
    };
    rsx! {
        button {
            class: "rail__item",
            r#type: "button",
            "popovertarget": MENU_ID,
            title: "Account",
            Avatar {
                initials: initials(&user.name),
                hue: hue_of(user.id.0),
                size: AvatarSize::Small,
            }
            span { class: "sr-only", "Account: {user.name}" }
        }
        div { class: "menu account-menu", id: MENU_ID, "popover": "auto", role: "group", aria_label: "Account",
            div { class: "account-menu__who",
                strong { "{user.name}" }
                span { class: "muted", "{user.email}" }
                span { class: "subtle", "{role_name(user.role)} · {user.organization_name}" }
            }
            hr {}
            button { class: "menu__item phone-only", r#type: "button", onclick: |_| switch_theme(),
                Icon { name: "moon" }
                "Switch theme"
            }
            button {
                class: "menu__item",
                r#type: "button",
                "popovertarget": MENU_ID,
                "popovertargetaction": "hide",
                onclick: move |_| changes_password.set(true),
                Icon { name: "lock" }
                "Change password"
            }
            a { class: "menu__item", href: "/source", target: "_blank",
                Icon { name: "code" }
                "Source code"
            }
            button { class: "menu__item", r#type: "button", onclick: sign_out,
                Icon { name: "log-out" }
                "Sign out"
            }
        }
        ChangePasswordDialog { open: changes_password }
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Agent => "Agent",
        Role::Admin => "Admin",
        Role::Owner => "Owner",
    }
}

fn initials(name: &str) -> Option<String> {
    let initials: String = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    (!initials.is_empty()).then_some(initials)
}
