/// Characters of GSM 03.38 that take one place.
const GSM_BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Characters of the extension table, which take two places.
const GSM_EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// Number of SMS segments of a text: 160 places in GSM-7, or 153 in each of several; 70 or 67 in
/// UCS-2. What takes two places (a character of the extension table, a surrogate pair) is never
/// split, so a place may stay free at the end of a segment.
pub(crate) fn count_segments(text: &str) -> u32 {
    let gsm: Option<Vec<usize>> = text.chars().map(gsm_places).collect();
    let (places, single, part) = match gsm {
        Some(places) => (places, 160, 153),
        None => (text.chars().map(char::len_utf16).collect(), 70, 67),
    };
    if places.iter().sum::<usize>() <= single {
        return 1;
    }
    let (mut segments, mut filled) = (1, 0);
    for places in places {
        if filled + places > part {
            segments += 1;
            filled = 0;
        }
        filled += places;
    }
    segments
}

fn gsm_places(character: char) -> Option<usize> {
    // The frequent ones first: the table is searched from its beginning.
    let is_frequent = matches!(character, '\n' | ' '..='Z' | 'a'..='z');
    if is_frequent || GSM_BASIC.contains(character) {
        Some(1)
    } else if GSM_EXTENDED.contains(character) {
        Some(2)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gsm_texts_hold_160_characters_and_153_per_part() {
        assert_eq!(count_segments(""), 1);
        assert_eq!(count_segments(&"a".repeat(160)), 1);
        assert_eq!(count_segments(&"a".repeat(161)), 2);
        assert_eq!(count_segments(&"a".repeat(306)), 2);
        assert_eq!(count_segments(&"a".repeat(307)), 3);
        assert_eq!(count_segments(&"€".repeat(81)), 2);
    }

    #[test]
    fn unicode_texts_hold_70_units_and_67_per_part() {
        assert_eq!(count_segments(&"ж".repeat(70)), 1);
        assert_eq!(count_segments(&"ж".repeat(71)), 2);
        assert_eq!(count_segments(&"😀".repeat(36)), 2);
    }

    #[test]
    fn what_takes_two_places_is_never_split() {
        // 33 pairs in each, and one place stays free.
        assert_eq!(count_segments(&"😀".repeat(66)), 2);
        assert_eq!(count_segments(&"😀".repeat(67)), 3);
        // 76 in each, and one place stays free.
        assert_eq!(count_segments(&"€".repeat(152)), 2);
        assert_eq!(count_segments(&"€".repeat(153)), 3);
        assert_eq!(count_segments(&format!("a{}", "€".repeat(152))), 2);
    }
}
