use phonenumber::Mode;

/// The country code of the North American plan.
const NORTH_AMERICA: u16 = 1;

/// A number in E.164 for a person to read: `(415) 555-0123` in the North American plan, else
/// `+44 20 7946 0188`, by libphonenumber's rules. Other addresses (a short code, `whatsapp:…`)
/// stay as they are.
///
/// The browser has no room for the rules of all countries: it is told the text.
pub fn shown_phone(address: &str) -> String {
    let Some(number) = address
        .starts_with('+')
        .then(|| phonenumber::parse(None, address).ok())
        .flatten()
    else {
        return address.to_owned();
    };
    let mode = if number.code().value() == NORTH_AMERICA {
        Mode::National
    } else {
        Mode::International
    };
    let shown = number.format().mode(mode).to_string();
    // The library must not change the number that it formats.
    if ends_alike(&shown, address) {
        shown
    } else {
        address.to_owned()
    }
}

fn ends_alike(shown: &str, address: &str) -> bool {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let shown = digits(shown);
    !shown.is_empty() && digits(address).ends_with(&shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_countries_are_grouped_as_there() {
        for (address, shown) in [
            ("+14155550123", "(415) 555-0123"),
            ("+442079460188", "+44 20 7946 0188"),
            ("+33612345678", "+33 6 12 34 56 78"),
            ("+390612345678", "+39 06 1234 5678"),
            ("+393471234567", "+39 347 123 4567"),
            ("+61412345678", "+61 412 345 678"),
            ("+819012345678", "+81 90-1234-5678"),
            ("729725", "729725"),
            ("SUPPORT", "SUPPORT"),
            ("whatsapp:+14155550123", "whatsapp:+14155550123"),
            ("+1", "+1"),
        ] {
            assert_eq!(shown_phone(address), shown, "{address}");
        }
    }
}
