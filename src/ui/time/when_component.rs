use chrono::{DateTime, Utc};
use dioxus::prelude::*;

use crate::ui::use_clock;

/// A moment: the day and the time, and exactly for who points at it.
#[component]
pub fn When(
    at: DateTime<Utc>,
    /// In the middle of a sentence: "today at 10:44 AM".
    #[props(default)]
    within: bool,
) -> Element {
    let clock = use_clock();
    let mut words = clock.day_and_time(at);
    if within {
        words = words
            .replacen(", ", " at ", 1)
            .replacen("Today", "today", 1)
            .replacen("Yesterday", "yesterday", 1);
    }
    rsx! {
        time { datetime: "{at:?}", title: "{clock.exact(at)}", "{words}" }
    }
}
