/// A longer name would fill a bubble.
const MAX_CHARACTERS: usize = 60;

/// The name on a contact's card (vCard, property `FN`), of which the first bytes are given. None
/// if it has none, or one in the encoding that old phones use.
/// https://www.rfc-editor.org/rfc/rfc6350#section-6.2.1
pub fn contact_card_name_util(head: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(head);
    // A line that begins with a blank continues the one above.
    let unfolded = text.replace("\r\n ", "").replace("\r\n\t", "");
    let name = unfolded.lines().find_map(|line| {
        let (property, value) = line.split_once(':')?;
        let mut parts = property.split(';');
        // `item1.FN`
        let name = parts.next()?.rsplit('.').next()?;
        let is_encoded = parts.any(|part| part.to_ascii_uppercase().contains("QUOTED-PRINTABLE"));
        (name.eq_ignore_ascii_case("FN") && !is_encoded).then_some(value)
    })?;
    let plain = name.replace('\\', "");
    let plain: String = plain
        .chars()
        .filter(|c| !c.is_control() && *c != char::REPLACEMENT_CHARACTER)
        .take(MAX_CHARACTERS)
        .collect();
    Some(plain.trim().to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_on_the_card_is_found() {
        let name = |card: &str| contact_card_name_util(card.as_bytes());
        let found = |text: &str| Some(text.to_owned());
        assert_eq!(
            name("BEGIN:VCARD\r\nVERSION:3.0\r\nN:Okafor;Sam\r\nFN:Sam Okafor\r\nEND:VCARD\r\n"),
            found("Sam Okafor")
        );
        assert_eq!(
            name("BEGIN:VCARD\nitem1.FN;CHARSET=UTF-8:Zoë\\, Ltd\n"),
            found("Zoë, Ltd")
        );
        assert_eq!(name("FN:Sam\r\n  Okafor\r\n"), found("Sam Okafor"));
        assert_eq!(name("FN;ENCODING=QUOTED-PRINTABLE:=4A"), None);
        assert_eq!(name("N:Okafor;Sam\r\nFN: \r\n"), None);
        assert_eq!(name(""), None);
        assert_eq!(
            name(&format!("FN:{}", "é".repeat(500))).map(|n| n.chars().count()),
            Some(60)
        );
    }
}
