use dioxus::prelude::*;

use crate::ui::{Icon, Tone};

/// A message that concerns all that is below it.
#[component]
pub fn Banner(
    tone: Tone,
    icon: &'static str,
    #[props(default)] boxed: bool,
    #[props(default)] id: Option<&'static str>,
    /// `alert` where it must be announced at once.
    #[props(default = "note")]
    role: &'static str,
    children: Element,
) -> Element {
    let tone = match tone {
        Tone::Danger => " banner--danger",
        Tone::Warning => " banner--warning",
        Tone::Success | Tone::Code | Tone::Accent | Tone::Neutral => "",
    };
    let boxed = if boxed { " banner--boxed" } else { "" };
    rsx! {
        div { class: "banner{tone}{boxed}", role, id,
            Icon { name: icon }
            div { class: "banner__body", {children} }
        }
    }
}
