use phonenumber::{Mode, country};

use crate::bases::e164::E164;

/// The text is no phone number that could exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a phone number; write it like +14155550123 or (415) 555-0123")]
pub struct PhoneNumberError;

/// A number as a person writes it, in E.164, by libphonenumber's rules. A national form is read
/// as in the country of `home`, which is a number in E.164.
pub fn parse_phone_number_util(raw: &str, home: &str) -> Result<E164, PhoneNumberError> {
    let raw = raw.trim();
    // An international form names its country; with a hint the library would take the prefix of
    // the hint's country off it (a 1 of +49 1511 …, with a home in the US).
    let country = if raw.starts_with('+') {
        None
    } else {
        country_of(home)
    };
    let number = phonenumber::parse(country, raw).map_err(|_| PhoneNumberError)?;
    if !number.is_valid() {
        return Err(PhoneNumberError);
    }
    E164::parse(&number.format().mode(Mode::E164).to_string()).map_err(|_| PhoneNumberError)
}

fn country_of(number: &str) -> Option<country::Id> {
    phonenumber::parse(None, number).ok()?.country().id()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn national_and_international_forms_become_e164() {
        let parse = |raw| parse_phone_number_util(raw, "+14155550134").map(|n| n.to_string());
        assert_eq!(parse("(415) 555-0162").as_deref(), Ok("+14155550162"));
        assert_eq!(parse(" +49 1511 2345678 ").as_deref(), Ok("+4915112345678"));
        for wrong in ["", "12", "hello", "+1 415 555"] {
            assert_eq!(parse(wrong), Err(PhoneNumberError), "{wrong}");
        }
    }
}
