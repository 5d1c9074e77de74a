use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Timelike, Utc};

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

impl DateFilter {
    /// Reads `YYYY-MM-DD` (the whole day) or an ISO 8601 time (that second). `None` for anything
    /// else, for instance a value that carries the operator that belongs to the parameter's name.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            let from = day.and_time(NaiveTime::MIN).and_utc();
            let until = day
                .checked_add_days(Days::new(1))?
                .and_time(NaiveTime::MIN)
                .and_utc();
            return Some(Self { from, until });
        }
        let from = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
        let until = from.checked_add_signed(chrono::TimeDelta::seconds(1))?;
        Some(Self { from, until })
    }
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
    fn an_operator_in_the_value_is_no_date() {
        assert_eq!(DateFilter::parse(">=2024-01-01"), None);
        assert_eq!(DateFilter::parse(""), None);
    }
}
