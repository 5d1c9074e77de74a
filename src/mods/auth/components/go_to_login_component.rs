use dioxus::prelude::*;

use crate::bases::browser;

/// Stands where nobody is signed in, for the moment until the login page is there.
#[component]
pub fn GoToLogin() -> Element {
    use_effect(browser::load_login);
    rsx! {
        main { class: "page-message",
            h1 { class: "auth__title", "Your session ended" }
            p {
                a { href: "/login", "Sign in" }
            }
        }
    }
}
