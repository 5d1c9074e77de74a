use dioxus::prelude::*;

/// What stands where there is nothing yet: why, and what to do about it.
#[component]
pub fn EmptyState(
    title: String,
    text: String,
    /// In a narrow list: no picture, smaller.
    #[props(default)]
    compact: bool,
    #[props(default)] role: Option<&'static str>,
    children: Element,
) -> Element {
    if compact {
        return rsx! {
            div { class: "empty-state empty-state--compact", role,
                p { class: "empty-state__title", "{title}" }
                p { class: "empty-state__text", "{text}" }
                {children}
            }
        };
    }
    rsx! {
        div { class: "empty-state", role,
            Bubbles {}
            h2 { class: "empty-state__title", "{title}" }
            p { class: "empty-state__text", "{text}" }
            {children}
        }
    }
}

/// Two speech bubbles, the second delivered.
#[component]
fn Bubbles() -> Element {
    rsx! {
        svg {
            class: "empty-state__art",
            width: "148",
            height: "104",
            view_box: "0 0 148 104",
            fill: "none",
            "aria-hidden": "true",
            rect { x: "8", y: "14", width: "84", height: "34", rx: "15", fill: "var(--bubble-in)" }
            path { d: "M8 34v14h14z", fill: "var(--bubble-in)" }
            rect { x: "22", y: "25", width: "42", height: "5", rx: "2.5", fill: "var(--line-strong)" }
            rect { x: "22", y: "34", width: "28", height: "5", rx: "2.5", fill: "var(--line-strong)" }
            rect { x: "54", y: "56", width: "86", height: "34", rx: "15", fill: "var(--bubble-out)" }
            path { d: "M140 76v14h-14z", fill: "var(--bubble-out)" }
            rect { x: "70", y: "67", width: "52", height: "5", rx: "2.5", fill: "var(--accent)", opacity: ".4" }
            rect { x: "70", y: "76", width: "34", height: "5", rx: "2.5", fill: "var(--accent)", opacity: ".4" }
            path {
                d: "M112 97l3 3 6-6M118 98.6l2 1.4 6-6",
                stroke: "var(--success)",
                stroke_width: "1.8",
                stroke_linecap: "round",
                stroke_linejoin: "round",
            }
        }
    }
}
