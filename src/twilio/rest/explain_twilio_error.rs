use super::{KnownTwilioError, twilio_error_table::TWILIO_ERRORS};

/// A Twilio error in plain words, with what to do about it; `None` if the table lacks it.
pub fn explain_twilio_error(code: i32) -> Option<&'static KnownTwilioError> {
    let place = TWILIO_ERRORS
        .binary_search_by_key(&code, |known| known.code)
        .ok()?;
    TWILIO_ERRORS.get(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes of sending and delivery, of buying numbers, and of the way to us, that the
    /// project's reference of Twilio names (its sections 3, 7 and 8).
    const OF_THE_REFERENCE: &[i32] = &[
        20001, 20003, 20403, 20005, 20404, 20429, 20500, 21211, 21408, 21606, 21608, 21610, 21614,
        21635, 21617, 21658, 21422, 21421, 21631, 21613, 30003, 30004, 30005, 30006, 30007, 30008,
        30034, 11205, 57012, 91300, 91308, 93101,
    ];

    #[test]
    fn every_code_of_the_reference_is_explained() {
        let missing: Vec<_> = OF_THE_REFERENCE
            .iter()
            .filter(|code| explain_twilio_error(**code).is_none())
            .collect();
        assert!(missing.is_empty(), "not in the table: {missing:?}");
        assert_eq!(explain_twilio_error(1), None);
    }

    #[test]
    fn the_table_is_in_order_and_each_row_says_what_happened_and_what_to_do() {
        for pair in TWILIO_ERRORS.windows(2) {
            assert!(pair[0].code < pair[1].code, "{pair:?}");
        }
        for known in TWILIO_ERRORS {
            assert!((2..=40).contains(&known.title.len()), "{known:?}");
            for sentence in [known.meaning, known.action] {
                assert!(sentence.len() > 10 && sentence.ends_with('.'), "{known:?}");
            }
        }
    }
}
