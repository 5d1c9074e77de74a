use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};
use dioxus::prelude::*;

use crate::bases::browser;

/// How often "2m" may become "3m".
const TICK_MS: u32 = 20_000;
const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The reader's clock.
#[derive(Clone, Copy, PartialEq)]
pub struct Clock {
    now: Signal<DateTime<Utc>>,
    /// Whether to use the reader's time zone; else UTC.
    local: Signal<bool>,
}

/// Provides the [`Clock`] to all that is below.
pub fn use_clock_provider() -> Clock {
    let rendered_at = use_server_cached(present);
    let mut clock = use_context_provider(|| Clock {
        now: Signal::new(rendered_at),
        local: Signal::new(false),
    });
    use_effect(move || {
        clock.now.set(present());
        clock.local.set(true);
    });
    use_future(move || async move {
        loop {
            browser::sleep(TICK_MS).await;
            clock.now.set(present());
        }
    });
    clock
}

/// The reader's clock.
pub fn use_clock() -> Clock {
    use_context()
}

impl Clock {
    /// This instant, exactly, without making the caller render again as it passes.
    pub fn instant(self) -> DateTime<Utc> {
        present()
    }

    /// "10:44 AM"
    pub fn time_of_day(self, at: DateTime<Utc>) -> String {
        time_text(self.in_zone(at))
    }

    /// The day in the reader's time zone.
    pub fn day(self, at: DateTime<Utc>) -> NaiveDate {
        self.in_zone(at).date()
    }

    /// "Today", "Yesterday", "Friday, November 14", with the year if it is another one.
    pub fn day_label(self, at: DateTime<Utc>) -> String {
        day_text(self.day(at), self.today())
    }

    /// "Today, 10:44 AM", "Nov 14, 10:44 AM"
    pub fn day_and_time(self, at: DateTime<Utc>) -> String {
        let (day, today) = (self.day(at), self.today());
        let day = if (today - day).num_days() < 2 {
            day_text(day, today)
        } else {
            date_text(day, today)
        };
        format!("{day}, {}", self.time_of_day(at))
    }

    /// "10:44:09 AM" today, else "Nov 14, 10:44:09 AM"
    pub fn to_the_second(self, at: DateTime<Utc>) -> String {
        let (local, day, today) = (self.in_zone(at), self.day(at), self.today());
        let time = second_text(local);
        if day == today {
            time
        } else {
            format!("{}, {time}", date_text(day, today))
        }
    }

    /// "2025-11-14 22:44:09.118 UTC-8": for somebody who compares it with a log.
    pub fn exact(self, at: DateTime<Utc>) -> String {
        let local = self.in_zone(at);
        exact_text(local, local - at.naive_utc())
    }

    /// "now", "2m", "3h", "Yesterday", "Mon", "Nov 14", "Nov 14, 2024"
    pub fn age(self, at: DateTime<Utc>) -> String {
        age_text(self.in_zone(at), self.in_zone((self.now)()))
    }

    fn today(self) -> NaiveDate {
        self.day((self.now)())
    }

    fn in_zone(self, at: DateTime<Utc>) -> NaiveDateTime {
        let offset = if (self.local)() {
            local_offset(at)
        } else {
            TimeDelta::zero()
        };
        at.naive_utc() + offset
    }
}

#[cfg(feature = "web")]
fn present() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
}

#[cfg(not(feature = "web"))]
fn present() -> DateTime<Utc> {
    Utc::now()
}

/// What the reader's time zone was ahead of UTC at that instant.
fn local_offset(at: DateTime<Utc>) -> TimeDelta {
    #[cfg(feature = "web")]
    {
        let date = js_sys::Date::new(&(at.timestamp_millis() as f64).into());
        TimeDelta::minutes(-date.get_timezone_offset() as i64)
    }
    #[cfg(not(feature = "web"))]
    {
        let _ = at;
        TimeDelta::zero()
    }
}

fn time_text(at: NaiveDateTime) -> String {
    let (afternoon, hour) = at.hour12();
    format!(
        "{hour}:{:02} {}",
        at.minute(),
        if afternoon { "PM" } else { "AM" }
    )
}

fn second_text(at: NaiveDateTime) -> String {
    let (afternoon, hour) = at.hour12();
    format!(
        "{hour}:{:02}:{:02} {}",
        at.minute(),
        at.second(),
        if afternoon { "PM" } else { "AM" }
    )
}

fn exact_text(at: NaiveDateTime, ahead: TimeDelta) -> String {
    let minutes = ahead.num_minutes();
    let sign = if minutes < 0 { '-' } else { '+' };
    let zone = match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, 0) => String::new(),
        (hours, 0) => format!("{sign}{hours}"),
        (hours, minutes) => format!("{sign}{hours}:{minutes:02}"),
    };
    // Not by a pattern: the code that reads patterns is large.
    let (second, milliseconds) = (at.second(), at.and_utc().timestamp_subsec_millis());
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{second:02}.{milliseconds:03} UTC{zone}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
    )
}

fn day_text(day: NaiveDate, today: NaiveDate) -> String {
    match (today - day).num_days() {
        0 => "Today".to_owned(),
        1 => "Yesterday".to_owned(),
        _ => {
            let text = format!("{}, {} {}", weekday(day), month(day), day.day());
            if day.year() == today.year() {
                text
            } else {
                format!("{text}, {}", day.year())
            }
        }
    }
}

fn age_text(at: NaiveDateTime, now: NaiveDateTime) -> String {
    let age = now - at;
    let days = (now.date() - at.date()).num_days();
    match days {
        ..=0 if age.num_minutes() < 1 => "now".to_owned(),
        ..=0 if age.num_hours() < 1 => format!("{}m", age.num_minutes()),
        ..=0 => format!("{}h", age.num_hours()),
        1 => "Yesterday".to_owned(),
        2..=6 => weekday(at.date())[..3].to_owned(),
        _ => date_text(at.date(), now.date()),
    }
}

fn date_text(day: NaiveDate, today: NaiveDate) -> String {
    let text = format!("{} {}", &month(day)[..3], day.day());
    if day.year() == today.year() {
        text
    } else {
        format!("{text}, {}", day.year())
    }
}

fn weekday(day: NaiveDate) -> &'static str {
    DAYS[day.weekday().num_days_from_monday() as usize]
}

/// The English name of a day's month.
pub fn month(day: NaiveDate) -> &'static str {
    MONTHS[day.month0() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse::<DateTime<Utc>>().expect("a time").naive_utc()
    }

    #[test]
    fn the_time_of_day_is_of_twelve_hours() {
        assert_eq!(time_text(at("2025-11-20T00:05:00Z")), "12:05 AM");
        assert_eq!(time_text(at("2025-11-20T12:00:00Z")), "12:00 PM");
        assert_eq!(time_text(at("2025-11-20T22:44:59Z")), "10:44 PM");
    }

    #[test]
    fn an_exact_time_says_its_zone() {
        let time = at("2025-11-20T22:04:05.118Z");
        assert_eq!(second_text(time), "10:04:05 PM");
        let exact = |minutes| exact_text(time, TimeDelta::minutes(minutes));
        assert_eq!(exact(0), "2025-11-20 22:04:05.118 UTC");
        assert_eq!(exact(-480), "2025-11-20 22:04:05.118 UTC-8");
        assert_eq!(exact(330), "2025-11-20 22:04:05.118 UTC+5:30");
    }

    #[test]
    fn a_day_is_named_by_its_distance() {
        let today = at("2025-11-20T10:00:00Z").date();
        let named = |text: &str| day_text(at(text).date(), today);
        assert_eq!(named("2025-11-20T00:00:00Z"), "Today");
        assert_eq!(named("2025-11-19T23:59:59Z"), "Yesterday");
        assert_eq!(named("2025-11-14T09:00:00Z"), "Friday, November 14");
        assert_eq!(named("2024-12-31T09:00:00Z"), "Tuesday, December 31, 2024");
    }

    #[test]
    fn an_age_gets_coarser_with_distance() {
        let now = at("2025-11-20T10:46:00Z");
        let age = |text: &str| age_text(at(text), now);
        assert_eq!(age("2025-11-20T10:46:30Z"), "now", "a clock that is ahead");
        assert_eq!(age("2025-11-20T10:44:00Z"), "2m");
        assert_eq!(age("2025-11-20T07:50:00Z"), "2h");
        assert_eq!(
            age("2025-11-19T23:59:00Z"),
            "Yesterday",
            "also when it is less than a day ago"
        );
        assert_eq!(age("2025-11-17T12:00:00Z"), "Mon");
        assert_eq!(age("2025-10-02T12:00:00Z"), "Oct 2");
        assert_eq!(age("2024-10-02T12:00:00Z"), "Oct 2, 2024");
    }
}
