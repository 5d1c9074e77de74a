use dioxus::prelude::*;

/// Rows of a list that is on its way.
#[component]
pub fn RowSkeleton(label: &'static str) -> Element {
    rsx! {
        div { class: "skeleton-group", role: "status",
            span { class: "sr-only", "{label}" }
            for width in [62, 48, 70, 55, 66, 40] {
                div { class: "skeleton-row", key: "{width}",
                    span { class: "skeleton skeleton-row__avatar" }
                    span { class: "skeleton", style: "--w: 45%" }
                    span { class: "skeleton", style: "--w: {width}%" }
                }
            }
        }
    }
}

/// Bubbles of a thread that is on its way.
#[component]
pub fn MessageSkeleton(label: &'static str) -> Element {
    rsx! {
        div { class: "thread", role: "status",
            div { class: "thread__list skeleton-group",
                span { class: "sr-only", "{label}" }
                for (out, width) in [(false, 46), (false, 30), (true, 52), (false, 38), (true, 24)] {
                    div {
                        class: if out { "message message--out" } else { "message message--in" },
                        key: "{width}",
                        span { class: "skeleton", style: "--w: {width}%; block-size: 2.25rem; border-radius: 1.0625rem" }
                    }
                }
            }
        }
    }
}
