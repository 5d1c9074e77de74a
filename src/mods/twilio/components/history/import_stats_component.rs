use chrono::{Datelike, NaiveDate};
use dioxus::prelude::*;

use super::import_phases_component::phase_name;
use crate::{
    entities::states::{ImportPhase, ImportState},
    mods::twilio::types::{ImportPace, SmsSyncProgress},
    ui::{Clock, figures, month, use_clock},
};

/// The counts of a run, and at the end how fast it is, or when it ended.
#[component]
pub fn ImportStats(progress: SmsSyncProgress, pace: Option<ImportPace>) -> Element {
    let clock = use_clock();
    let runs = progress.state == ImportState::Running;
    let skipped = progress.skipped.unwrap_or_default();
    let media_total = progress.media_total.unwrap_or_default();
    let media_failed = progress.media_failed.unwrap_or_default();
    let end = if runs {
        speed(&progress, pace.as_ref())
    } else {
        ending(&progress, clock)
    };
    let phase = pace.as_ref().map_or(progress.phase, ImportPace::phase);
    rsx! {
        p { class: "sync-row__stats",
            Count { count: progress.fetched.unwrap_or_default(), of: "fetched" }
            Count { count: progress.new_count.unwrap_or_default(), of: "new" }
            if skipped > 0 {
                Count { count: skipped, of: "skipped" }
            }
            if media_total > 0 {
                span {
                    b { "{figures(progress.media_downloaded.unwrap_or_default())}/{figures(media_total)}" }
                    " media"
                }
            }
            if media_failed > 0 {
                Count { count: media_failed, of: "media failed" }
            }
            if progress.unreadable > 0 {
                Count { count: progress.unreadable, of: "could not be read" }
            }
            if let Some(since) = progress.since {
                span { "since {day(since)}" }
            }
            span { class: "end",
                if runs {
                    span { class: "phone-only",
                        "{phase_name(phase)}"
                        if !end.is_empty() {
                            " · "
                        }
                    }
                }
                "{end}"
            }
        }
    }
}

#[component]
fn Count(count: u64, of: &'static str) -> Element {
    rsx! {
        span {
            b { "{figures(count)}" }
            " {of}"
        }
    }
}

/// "412 messages/s · about 20 s left"
fn speed(progress: &SmsSyncProgress, pace: Option<&ImportPace>) -> String {
    let is_media = progress.phase == ImportPhase::DownloadingMedia;
    let mut words = Vec::new();
    if let Some(rate) = pace.and_then(ImportPace::rate) {
        words.push(if is_media {
            format!("{rate:.1} files/s")
        } else {
            format!("{} messages/s", figures(rate.round() as u64))
        });
    }
    if let Some(seconds) = pace.and_then(ImportPace::seconds_left) {
        words.push(format!("about {} left", duration(seconds)));
    } else if !is_media && progress.parts_total == 0 {
        words.push("counting what is left".to_owned());
    }
    words.join(" · ")
}

/// "Finished today, 9:58 AM"
fn ending(progress: &SmsSyncProgress, clock: Clock) -> String {
    let Some(at) = progress.finished_at else {
        return String::new();
    };
    let when = clock
        .day_and_time(at)
        .replacen("Today", "today", 1)
        .replacen("Yesterday", "yesterday", 1);
    let what = match progress.state {
        ImportState::Done => "Finished",
        ImportState::Failed | ImportState::Running => "Stopped",
        ImportState::Cancelled => "Cancelled",
    };
    format!("{what} {when}")
}

/// To the next five seconds, minute or hour: more would be a promise.
fn duration(seconds: f64) -> String {
    let in_units = |unit: f64| (seconds / unit).ceil();
    if seconds <= 90.0 {
        format!("{} s", in_units(5.0) * 5.0)
    } else if seconds <= 90.0 * 60.0 {
        format!("{} min", in_units(60.0))
    } else {
        format!("{} h", in_units(3_600.0))
    }
}

/// "Jan 1, 2024"
fn day(date: NaiveDate) -> String {
    format!("{} {}, {}", &month(date)[..3], date.day(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_as_coarse_as_it_is_long() {
        for (seconds, text) in [
            (0.4, "5 s"),
            (18.0, "20 s"),
            (90.0, "90 s"),
            (91.0, "2 min"),
            (1_000.0, "17 min"),
            (5_400.0, "90 min"),
            (6_000.0, "2 h"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn a_day_is_written_with_its_year() {
        let date = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day");
        assert_eq!(day(date), "Jan 1, 2024");
    }
}
