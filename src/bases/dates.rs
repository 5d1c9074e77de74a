//! Days that come from outside.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, de::Error as _};

/// Years of a valid day: Postgres knows fewer than Rust, and nobody means others.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9_999;

/// Whether a day is one that Postgres can hold.
pub fn is_storable(day: NaiveDate) -> bool {
    YEARS.contains(&day.year())
}

/// Reads a day that may be missing, and refuses one that cannot be stored.
///
/// # Errors
/// If it is no day, or its year is out of range.
pub fn storable_day<'de, D: Deserializer<'de>>(given: D) -> Result<Option<NaiveDate>, D::Error> {
    let day: Option<NaiveDate> = Option::deserialize(given)?;
    match day {
        Some(day) if !is_storable(day) => Err(D::Error::custom("the year must have four digits")),
        day => Ok(day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_years_of_four_digits_are_taken() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert!(is_storable(day("2026-11-30")));
        assert!(!is_storable(day("-262143-01-01")));
        assert!(!is_storable(day("+10000-01-01")));
    }
}
