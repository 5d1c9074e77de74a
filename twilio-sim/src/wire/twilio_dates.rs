use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc,
};

/// RFC 2822, as the 2010-04-01 API writes dates: `Thu, 24 Aug 2023 05:01:45 +0000`.
pub(crate) fn rfc2822_date(date: DateTime<Utc>) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    // By hand: a page has three thousand dates, and a format that is parsed each time is slow.
    format!(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
        DAYS[date.weekday() as usize],
        date.day(),
        MONTHS[date.month0() as usize],
        date.year(),
        date.hour(),
        date.minute(),
        date.second()
    )
}

/// ISO 8601 in seconds, as the Events API writes dates: `2015-07-30T20:00:00Z`.
pub(crate) fn iso_date(date: DateTime<Utc>) -> String {
    date.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// ISO 8601 in milliseconds, as events write dates: `2024-08-16T00:25:31.000Z`.
pub(crate) fn event_time(date: DateTime<Utc>) -> String {
    date.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// A date given in a filter: a day in GMT, or a moment of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateFilter {
    /// First moment that counts as this date.
    pub from: DateTime<Utc>,
    /// First moment after it.
    pub until: DateTime<Utc>,
}

/// Times without a zone are in GMT.
const WITHOUT_ZONE: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];
/// Times with an offset, with and without a colon in it.
const WITH_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z"];
/// Names of zones that RFC 2822 knows, in hours from GMT.
const ZONES: [(&str, i64); 10] = [
    ("GMT", 0),
    ("UTC", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
];

impl DateFilter {
    /// Reads a day (`YYYY-MM-DD`, also `YYYY-MM` and `YYYY`, which mean their first day) or a time
    /// (that second) in the formats of Twilio's examples. `None` for anything else, for instance a
    /// value that carries the operator that belongs to the parameter's name.
    pub fn parse(text: &str) -> Option<Self> {
        match parse_day(text) {
            Some(day) => Self::of_day(day),
            None => {
                let from = parse_time(text)?;
                let until = from.checked_add_signed(TimeDelta::seconds(1))?;
                Some(Self { from, until })
            }
        }
    }

    /// The whole day in GMT that the date is on.
    pub fn whole_day(self) -> Option<Self> {
        Self::of_day(self.from.date_naive())
    }

    fn of_day(day: NaiveDate) -> Option<Self> {
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        Some(Self {
            from: midnight(day),
            until: midnight(day.checked_add_days(Days::new(1))?),
        })
    }
}

fn parse_day(text: &str) -> Option<NaiveDate> {
    let full = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        10 => text.to_owned(),
        _ => return None,
    };
    NaiveDate::parse_from_str(&full, "%Y-%m-%d").ok()
}

fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    let with_offset = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .ok()
        .or_else(|| {
            WITH_OFFSET
                .iter()
                .find_map(|format| DateTime::parse_from_str(text, format).ok())
        });
    if let Some(time) = with_offset {
        return Some(time.to_utc());
    }
    let without = WITHOUT_ZONE
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    match without {
        Some(time) => Some(time.and_utc()),
        None => parse_american(text),
    }
}

/// `06/11/2019 22:05:25 MST`
fn parse_american(text: &str) -> Option<DateTime<Utc>> {
    let (time, zone) = text.rsplit_once(' ')?;
    let (_, hours) = ZONES.iter().find(|(name, _)| *name == zone)?;
    let local = NaiveDateTime::parse_from_str(time, "%m/%d/%Y %H:%M:%S").ok()?;
    local.and_utc().checked_sub_signed(TimeDelta::hours(*hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text)
            .expect("a valid time")
            .to_utc()
    }

    #[test]
    fn dates_are_written_as_twilio_writes_them() {
        let date = moment("2023-08-24T05:01:45.678Z");
        assert_eq!(rfc2822_date(date), "Thu, 24 Aug 2023 05:01:45 +0000");
        for days in 0..400 {
            let date = date + Days::new(days);
            let expected = date.format("%a, %d %b %Y %H:%M:%S +0000").to_string();
            assert_eq!(rfc2822_date(date), expected);
        }
        assert_eq!(iso_date(date), "2023-08-24T05:01:45Z");
        assert_eq!(event_time(date), "2023-08-24T05:01:45.678Z");
    }

    #[test]
    fn a_day_is_the_whole_day_and_a_time_is_its_second() {
        let day = DateFilter::parse("2024-02-29").expect("a day");
        assert_eq!(day.from, moment("2024-02-29T00:00:00Z"));
        assert_eq!(day.until, moment("2024-03-01T00:00:00Z"));
        let time = DateFilter::parse("2024-01-01T10:00:00Z").expect("a time");
        assert_eq!(time.until, moment("2024-01-01T10:00:01Z"));
    }

    #[test]
    fn every_format_of_twilios_examples_is_read() {
        for (given, meant) in [
            ("2019-06-11T22:05:25Z", "2019-06-11T22:05:25Z"),
            ("2020-12-12T10:53:43-08:00", "2020-12-12T18:53:43Z"),
            ("2020-12-12T10:53:43.000-0800", "2020-12-12T18:53:43Z"),
            ("2019-06-11 22:05:25.000", "2019-06-11T22:05:25Z"),
            ("2019-06-11T22:05:25", "2019-06-11T22:05:25Z"),
            ("Wed, 19 Jun 2019 22:04:00 -0000", "2019-06-19T22:04:00Z"),
            ("06/11/2019 22:05:25 MST", "2019-06-12T05:05:25Z"),
            ("2020", "2020-01-01T00:00:00Z"),
            ("2020-12", "2020-12-01T00:00:00Z"),
        ] {
            let date = DateFilter::parse(given).map(|date| date.from);
            assert_eq!(date, Some(moment(meant)), "{given}");
        }
        for nonsense in ["20", "2020-13-01", "06/11/2019 22:05:25 XYZ", "yesterday"] {
            assert_eq!(DateFilter::parse(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn an_operator_in_the_value_is_no_date() {
        assert_eq!(DateFilter::parse(">=2024-01-01"), None);
        assert_eq!(DateFilter::parse(""), None);
    }
}
