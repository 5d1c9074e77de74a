use dioxus::prelude::*;

/// The mark of Loquent, in the current colour.
#[component]
pub fn Logo() -> Element {
    rsx! {
        svg { width: "26", height: "26", view_box: "0 0 26 26", "aria-hidden": "true",
            path {
                fill: "currentColor",
                d: "M6.2 2.5h13.6a4.2 4.2 0 0 1 4.2 4.2v9a4.2 4.2 0 0 1-4.2 4.2h-8.3l-4.6 4a.8.8 0 0 1-1.3-.6v-3.5A4.2 4.2 0 0 1 2 15.7v-9a4.2 4.2 0 0 1 4.2-4.2z",
            }
            path {
                d: "M10 6.9v8.3h7",
                fill: "none",
                stroke: "#fff",
                stroke_width: "2.6",
                stroke_linecap: "round",
                stroke_linejoin: "round",
            }
        }
    }
}
