use phonenumber::{
    Mode, PhoneNumber,
    country::{self, Source},
    metadata::DATABASE,
    parse,
};

use crate::bases::e164::E164;

/// The text is no phone number that could exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("That isn’t a phone number. Try (415) 555-0123 or +44 20 7946 0188.")]
pub struct PhoneNumberError;

/// First digits of the digits that are not ASCII: those of East Asian keyboards, and those of
/// Arabic, Persian and Devanagari.
const ZEROS: [u32; 4] = [0xff10, 0x0660, 0x06f0, 0x0966];
/// What is dialled before a country code has at most so many digits: 00, 011, 0011 …
const LONGEST_PREFIX: usize = 5;

/// A number as a person writes it, in E.164, by libphonenumber's rules. A national form is read
/// as in the country of `home`, which is a number in E.164.
pub fn parse_phone_number_util(raw: &str, home: &str) -> Result<E164, PhoneNumberError> {
    let raw: String = raw.trim().chars().map(plain).collect();
    // An international form names its country; with a hint the library would take the prefix of
    // the hint's country off it (a 1 of +49 1511 …, with a home in the US).
    let number = if raw.starts_with('+') {
        valid(&raw)
    } else {
        parse_national(&raw, home)
    };
    let text = number.map(|number| number.format().mode(Mode::E164).to_string());
    E164::parse(&text.unwrap_or_default()).map_err(|_| PhoneNumberError)
}

/// A number without a plus sign, as somebody writes it who has the number `home`.
fn parse_national(raw: &str, home: &str) -> Option<PhoneNumber> {
    let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
    let at_home = parse(country_of(home), raw).ok();
    match at_home {
        // Dialled from home, `0039 06 …`: the library would read the rest as in the country of
        // `home`.
        Some(number) if number.code().source() == Source::Idd => {
            let code = number.code().value();
            (2..=LONGEST_PREFIX)
                .filter_map(|prefix| valid(&format!("+{}", digits.get(prefix..)?)))
                .find(|number| number.code().value() == code)
        }
        Some(number) if number.is_valid() => Some(number),
        _ if raw.chars().any(char::is_alphabetic) => None,
        // `391 234 5678` in Italy: the library takes the first digits for the country code.
        _ => {
            let home = parse(None, home).ok()?;
            valid(&format!("+{}{digits}", home.code().value()))
        }
    }
}

fn valid(international: &str) -> Option<PhoneNumber> {
    parse(None, international)
        .ok()
        .filter(PhoneNumber::is_valid)
}

/// The country of a number; where several share a code and it cannot be told, the largest.
fn country_of(number: &str) -> Option<country::Id> {
    let number = parse(None, number).ok()?;
    number.country().id().or_else(|| {
        let regions = DATABASE.region(&number.code().value())?;
        regions.first()?.parse().ok()
    })
}

fn plain(c: char) -> char {
    let digit = ZEROS
        .into_iter()
        .find_map(|zero| u32::from(c).checked_sub(zero).filter(|digit| *digit < 10));
    match (digit.and_then(|digit| char::from_digit(digit, 10)), c) {
        (Some(digit), _) => digit,
        (None, '＋') => '+',
        (None, c) => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(raw: &str, home: &str) -> Result<String, PhoneNumberError> {
        parse_phone_number_util(raw, home).map(|number| number.to_string())
    }

    #[test]
    fn national_and_international_forms_become_e164() {
        const US: &str = "+14155550134";
        const ITALY: &str = "+390612345678";
        const GERMANY: &str = "+4915112345678";
        for (raw, home, number) in [
            ("(415) 555-0162", US, "+14155550162"),
            ("1 415 555 0162", US, "+14155550162"),
            (" +49 1511 2345678 ", US, "+4915112345678"),
            ("011 39 06 1234 5678", US, "+390612345678"),
            ("347 123 4567", ITALY, "+393471234567"),
            ("391 234 5678", ITALY, "+393912345678"),
            ("06 1234 5678", ITALY, "+390612345678"),
            ("0039 06 1234 5678", GERMANY, "+390612345678"),
            ("0151 12345678", GERMANY, "+4915112345678"),
            ("020 7946 0188", "+442079460123", "+442079460188"),
            ("06 12 34 56 78", "+33612345678", "+33612345678"),
            ("090-1234-5678", "+819012345678", "+819012345678"),
            ("098765 43210", "+919876543210", "+919876543210"),
            ("138 1234 5678", "+8613812345678", "+8613812345678"),
            ("9123 4567", "+6591234567", "+6591234567"),
            ("082 123 4567", "+27821234567", "+27821234567"),
            ("＋１２０２５５５０１７１", US, "+12025550171"),
            ("（２０２）５５５－０１７１", US, "+12025550171"),
            ("٠٥٠ ١٢٣ ٤٥٦٧", "+971501234567", "+971501234567"),
        ] {
            assert_eq!(parsed(raw, home).as_deref(), Ok(number), "{raw} at {home}");
        }
        for wrong in ["", "12", "hello", "+1 415 555", "+0 123 456 789"] {
            assert_eq!(parsed(wrong, US), Err(PhoneNumberError), "{wrong}");
        }
    }
}
