/// Shortest and longest E.164 number, without the plus sign, that is taken for a phone number.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// Reads a phone number as Twilio does for an account in the US: E.164, or a North American number
/// with or without its country code, with the usual punctuation. `None` if it is neither.
pub(crate) fn normalize_phone_number(text: &str) -> Option<String> {
    let text = text.trim();
    let (international, rest) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut digits = String::with_capacity(rest.len());
    for character in rest.chars() {
        match character {
            '0'..='9' => digits.push(character),
            ' ' | '-' | '(' | ')' | '.' => {}
            _ => return None,
        }
    }
    let digits = match (international, digits.len()) {
        (false, 10) => format!("1{digits}"),
        (false, 11) if digits.starts_with('1') => digits,
        (true, _) => digits,
        _ => return None,
    };
    let north_american = digits.starts_with('1');
    let valid = DIGITS.contains(&digits.len())
        && !digits.starts_with('0')
        && (!north_american
            || (digits.len() == 11 && !matches!(digits.as_bytes()[1], b'0' | b'1')));
    valid.then(|| format!("+{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_e164() {
        for (given, expected) in [
            ("+14155550162", "+14155550162"),
            ("(415) 555-0162", "+14155550162"),
            ("1-415-555-0162", "+14155550162"),
            ("+44 20 7946 0018", "+442079460018"),
        ] {
            assert_eq!(normalize_phone_number(given).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_is_no_phone_number_is_refused() {
        for given in [
            "",
            "hello",
            "123",
            "+1415555016",
            "+0123456789",
            "+1 055 555 0162",
            "55512",
        ] {
            assert_eq!(normalize_phone_number(given), None, "{given}");
        }
    }
}
