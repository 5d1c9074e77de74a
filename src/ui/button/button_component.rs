use dioxus::prelude::*;

use crate::ui::Icon;

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonKind {
    Primary,
    #[default]
    Plain,
    Ghost,
    /// Takes something away.
    Danger,
}

/// How large a button is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonSize {
    Small,
    #[default]
    Medium,
    /// Large, and as wide as what is around it.
    Block,
}

fn class(kind: ButtonKind, size: ButtonSize, busy: bool) -> String {
    let kind = match kind {
        ButtonKind::Primary => " button--primary",
        ButtonKind::Plain => "",
        ButtonKind::Ghost => " button--ghost",
        ButtonKind::Danger => " button--danger",
    };
    let size = match size {
        ButtonSize::Small => " button--sm",
        ButtonSize::Medium => "",
        ButtonSize::Block => " button--lg button--block",
    };
    let busy = if busy { " is-busy" } else { "" };
    format!("button{kind}{size}{busy}")
}

/// A button with a word on it.
#[component]
pub fn Button(
    #[props(default)] kind: ButtonKind,
    #[props(default)] size: ButtonSize,
    #[props(default)] icon: Option<&'static str>,
    /// Waiting for an answer: it turns and cannot be pressed again.
    #[props(default)]
    busy: bool,
    #[props(default)] disabled: bool,
    /// `submit` for the button that sends a form.
    #[props(default = "button")]
    r#type: &'static str,
    #[props(default)] onclick: Option<EventHandler<MouseEvent>>,
    #[props(extends = GlobalAttributes)] attributes: Vec<Attribute>,
    children: Element,
) -> Element {
    let icon = if busy { Some("spinner") } else { icon };
    rsx! {
        button {
            class: class(kind, size, busy),
            r#type,
            // A disabled button would lose the focus. The one that sends a form must be disabled,
            // for the Enter key presses it too.
            disabled: disabled || (busy && r#type == "submit"),
            aria_disabled: busy.then_some("true"),
            aria_busy: busy.then_some("true"),
            onclick: move |event| {
                if busy {
                    return;
                }
                if let Some(onclick) = onclick {
                    onclick.call(event);
                }
            },
            ..attributes,
            if let Some(name) = icon {
                Icon { name }
            }
            {children}
        }
    }
}

/// A quiet button with only a picture; its label is read and shown as a tip.
#[component]
pub fn IconButton(
    icon: &'static str,
    label: String,
    #[props(default)] small: bool,
    #[props(default)] class: &'static str,
    onclick: EventHandler<MouseEvent>,
    #[props(extends = GlobalAttributes)] attributes: Vec<Attribute>,
) -> Element {
    let small = if small { " button--sm" } else { "" };
    rsx! {
        button {
            class: "button button--ghost button--icon{small} {class}",
            r#type: "button",
            aria_label: "{label}",
            title: "{label}",
            onclick: move |event| onclick.call(event),
            ..attributes,
            Icon { name: icon }
        }
    }
}
