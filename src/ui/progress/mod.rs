use dioxus::prelude::*;

/// How much of something long is done.
#[component]
pub fn ProgressBar(
    /// Of what.
    label: String,
    /// From 0 to 1; none while the whole is not known.
    share: Option<f64>,
) -> Element {
    let percent = share.map(|share| (share.clamp(0.0, 1.0) * 100.0).floor());
    let class = if percent.is_some() {
        "progress"
    } else {
        "progress progress--indeterminate"
    };
    rsx! {
        div {
            class,
            role: "progressbar",
            aria_label: "{label}",
            aria_valuemin: "0",
            aria_valuemax: "100",
            aria_valuenow: percent.map(|percent| percent.to_string()),
            div {
                class: "progress__bar",
                style: percent.map(|percent| format!("--value: {percent}%")),
            }
        }
    }
}
