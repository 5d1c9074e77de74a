use chrono::{Datelike, Days, Months, NaiveDate};

/// Days from `first_day` to `last_day`; without them the part has no end on that side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRange {
    pub first_day: Option<NaiveDate>,
    pub last_day: Option<NaiveDate>,
}

impl DateRange {
    /// Whether a day belongs to it.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.first_day.is_none_or(|first| first <= day)
            && self.last_day.is_none_or(|last| day <= last)
    }

    /// The same with a day more on each side: Twilio filters by date, and promises nothing about
    /// the edges.
    pub fn widened(&self) -> Self {
        let day = Days::new(1);
        Self {
            first_day: self.first_day.and_then(|first| first.checked_sub_days(day)),
            last_day: self.last_day.and_then(|last| last.checked_add_days(day)),
        }
    }
}

/// Splits all time into at most `most` parts, newest first, without gaps or overlaps: by whole
/// months between `earliest` and `latest`, and open at both ends, so that nothing is lost if the
/// guess of the earliest day was wrong.
pub fn split_date_range_util(earliest: NaiveDate, latest: NaiveDate, most: u32) -> Vec<DateRange> {
    let months = months_between(earliest, latest).max(1);
    let parts = months.min(most.max(1));
    let start = earliest.with_day(1).unwrap_or(earliest);
    let begin = |part: u32| {
        // Fits: it is at most `months`.
        let offset = u64::from(months) * u64::from(part) / u64::from(parts);
        start.checked_add_months(Months::new(u32::try_from(offset).unwrap_or(months)))
    };
    (0..parts)
        .rev()
        .map(|part| DateRange {
            first_day: (part > 0).then(|| begin(part)).flatten(),
            last_day: (part + 1 < parts)
                .then(|| begin(part + 1)?.pred_opt())
                .flatten(),
        })
        .collect()
}

/// Months that the range touches.
fn months_between(earliest: NaiveDate, latest: NaiveDate) -> u32 {
    let months = (latest.year() - earliest.year()) * 12 + latest.month0() as i32
        - earliest.month0() as i32
        + 1;
    u32::try_from(months).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn three_months_are_three_parts_newest_first() {
        let parts = split_date_range_util(day("2024-01-15"), day("2024-03-02"), 64);
        let part = |first: &str, last: &str| DateRange {
            first_day: first.parse().ok(),
            last_day: last.parse().ok(),
        };
        assert_eq!(
            parts,
            [
                part("2024-03-01", ""),
                part("2024-02-01", "2024-02-29"),
                part("", "2024-01-31"),
            ]
        );
    }

    proptest! {
        #[test]
        fn every_day_belongs_to_exactly_one_part(
            earliest in 0_u64..8_000, length in 0_u64..8_000, probe in 0_u64..20_000, most in 1_u32..70,
        ) {
            let begin = day("2004-02-29");
            let earliest = begin + Days::new(earliest);
            let parts = split_date_range_util(earliest, earliest + Days::new(length), most);
            prop_assert!(parts.len() <= most as usize);
            let probe = begin + Days::new(probe);
            let owners = parts.iter().filter(|part| part.contains(probe)).count();
            prop_assert_eq!(owners, 1);
        }
    }
}
