use chrono::{DateTime, Utc};
use dioxus::prelude::*;

use crate::ui::use_clock;

/// A moment: the day and the time, and exactly for who points at it.
#[component]
pub fn When(at: DateTime<Utc>) -> Element {
    let clock = use_clock();
    rsx! {
        time { datetime: "{at:?}", title: "{clock.exact(at)}", "{clock.day_and_time(at)}" }
    }
}
