use dioxus::prelude::*;

use crate::ui::percent::Percent;

/// How much of something long is done.
#[component]
pub fn ProgressBar(
    /// Of what.
    label: String,
    /// From 0 to 1; none while the whole is not known.
    share: Option<f64>,
) -> Element {
    let percent = share.map(Percent::of);
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
            aria_valuenow: percent.map(|Percent(whole)| whole),
            div {
                class: "progress__bar",
                "data-tens": percent.map(Percent::tens),
                "data-ones": percent.map(Percent::ones),
            }
        }
    }
}
