/// Characters of GSM 03.38 that take one place.
const GSM_BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Characters of the extension table, which take two places.
const GSM_EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// Number of SMS segments of a text: 160 or 153 places in GSM-7, 70 or 67 in UCS-2.
pub(crate) fn count_segments(text: &str) -> u32 {
    let gsm_places = text.chars().try_fold(0_usize, |places, character| {
        // The frequent ones first: the table is searched from its beginning.
        let is_frequent = matches!(character, '\n' | ' '..='Z' | 'a'..='z');
        if is_frequent || GSM_BASIC.contains(character) {
            Some(places + 1)
        } else if GSM_EXTENDED.contains(character) {
            Some(places + 2)
        } else {
            None
        }
    });
    let (places, single, part) = match gsm_places {
        Some(places) => (places, 160, 153),
        None => (text.encode_utf16().count(), 70, 67),
    };
    let segments = if places <= single {
        1
    } else {
        places.div_ceil(part)
    };
    u32::try_from(segments).unwrap_or(u32::MAX)
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
}
