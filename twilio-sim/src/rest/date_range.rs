use chrono::{DateTime, Utc};

use crate::rest::TwilioError;
use crate::wire::{DateFilter, FormFields};

/// What the filters `Date`, `Date<` and `Date>` of a list leave, for a parameter of that name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DateRange {
    /// At or after this moment.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
}

impl DateRange {
    /// Reads the three parameters. The operator of a date belongs to the parameter's name:
    /// `DateSent>`, so in a URL `DateSent%3E=2024-01-01`. Both comparisons include the date itself.
    /// Without an operator the whole day in GMT is meant, also by a value with a time: Twilio's
    /// libraries write a day as its midnight.
    ///
    /// # Errors
    /// A value is no date.
    pub fn parse(query: &FormFields, name: &str) -> Result<Self, TwilioError> {
        let date = |name: &str| match query.get(name).filter(|value| !value.is_empty()) {
            None => Ok(None),
            Some(value) => DateFilter::parse(value).map(Some).ok_or_else(|| {
                TwilioError::invalid_parameter(name, &format!("{value} is not a date"))
            }),
        };
        let on = date(name)?.and_then(DateFilter::whole_day);
        let before = date(&format!("{name}<"))?;
        let after = date(&format!("{name}>"))?;
        Ok(Self {
            from: on.map(|date| date.from).max(after.map(|date| date.from)),
            until: match (on, before) {
                (Some(on), Some(before)) => Some(on.until.min(before.until)),
                (on, before) => on.or(before).map(|date| date.until),
            },
        })
    }

    /// Whether a moment is within.
    pub fn holds(&self, date: DateTime<Utc>) -> bool {
        self.from.is_none_or(|from| date >= from) && self.until.is_none_or(|until| date < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(query: &str) -> (Option<String>, Option<String>) {
        let query = FormFields::parse(query.as_bytes());
        let range = DateRange::parse(&query, "DateSent").expect("valid filters");
        let text = |date: Option<DateTime<Utc>>| date.map(|date| date.to_rfc3339());
        (text(range.from), text(range.until))
    }

    fn between(from: &str, until: &str) -> (Option<String>, Option<String>) {
        let midnight = |day: &str| {
            let some = !day.is_empty();
            some.then(|| format!("{day}T00:00:00+00:00"))
        };
        (midnight(from), midnight(until))
    }

    #[test]
    fn the_operator_of_a_date_stands_in_the_name() {
        let both = range("DateSent%3E=2024-01-02&DateSent%3C=2024-01-03");
        assert_eq!(both, between("2024-01-02", "2024-01-04"));
        assert_eq!(range("DateSent%3E=2024-01-02"), between("2024-01-02", ""));
        assert_eq!(range(""), between("", ""));
    }

    #[test]
    fn a_date_without_operator_is_its_whole_day() {
        let day = between("2024-01-02", "2024-01-03");
        assert_eq!(range("DateSent=2024-01-02"), day);
        assert_eq!(range("DateSent=2024-01-02T00%3A00%3A00Z"), day);
        assert_eq!(range("DateSent=2024-01-02T17%3A30%3A00Z"), day);
        assert_eq!(range("DateSent=2024-01-02&DateSent%3E=2023-05-06"), day);
    }

    #[test]
    fn an_operator_in_the_value_is_refused() {
        let query = FormFields::parse(b"DateSent=%3E%3D2024-01-01");
        let error = DateRange::parse(&query, "DateSent").expect_err("no date");
        assert_eq!(error.code, 20001);
    }
}
