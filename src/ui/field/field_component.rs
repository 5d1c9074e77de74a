use dioxus::prelude::*;

use crate::ui::Icon;

/// A labelled control of a form.
#[component]
pub fn Field(id: &'static str, label: &'static str, children: Element) -> Element {
    rsx! {
        div { class: "field",
            label { class: "field__label", r#for: id, "{label}" }
            {children}
        }
    }
}

/// What is wrong with a control of a form.
#[component]
pub fn FieldError(id: &'static str, message: String) -> Element {
    rsx! {
        p { class: "field__error", id, role: "alert",
            Icon { name: "alert", size: "xs" }
            "{message}"
        }
    }
}

/// The arrow of a `.select`, which hides the browser's own.
#[component]
pub fn SelectArrow() -> Element {
    rsx! {
        Icon { name: "chevron-down" }
    }
}
