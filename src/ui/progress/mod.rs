use dioxus::prelude::*;

/// A share in whole percent, rounded down. The style sheet turns its digits into a length, since
/// the page's policy allows no styles of single elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Percent(pub(super) i64);

impl Percent {
    /// Of a share from 0 to 1.
    pub(super) fn of(share: f64) -> Self {
        Self((share.clamp(0.0, 1.0) * 100.0) as i64)
    }

    /// From 0 to 10.
    pub(super) fn tens(self) -> i64 {
        self.0 / 10
    }

    /// From 0 to 9.
    pub(super) fn ones(self) -> i64 {
        self.0 % 10
    }
}

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
