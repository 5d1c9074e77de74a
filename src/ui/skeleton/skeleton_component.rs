use dioxus::prelude::*;

/// Rows of a list that is on its way.
#[component]
pub fn RowSkeleton(label: &'static str) -> Element {
    rsx! {
        div { class: "skeleton-group", role: "status",
            span { class: "sr-only", "{label}" }
            for row in 0..6 {
                div { class: "skeleton-row", key: "{row}",
                    span { class: "skeleton skeleton-row__avatar" }
                    span { class: "skeleton" }
                    span { class: "skeleton" }
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
                for (row, out) in [false, false, true, false, true].into_iter().enumerate() {
                    div {
                        class: if out { "message message--out" } else { "message message--in" },
                        key: "{row}",
                        span { class: "skeleton skeleton--bubble" }
                    }
                }
            }
        }
    }
}
