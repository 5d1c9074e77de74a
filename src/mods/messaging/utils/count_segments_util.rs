/// How the network writes a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsEncoding {
    /// 7 bits a character: 160 in one segment, 153 in each of several.
    Gsm7,
    /// 16 bits a unit: 70 in one segment, 67 in each of several.
    Ucs2,
}

/// What a text costs to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentCount {
    pub encoding: SmsEncoding,
    /// What the network bills; 0 for an empty text.
    pub segments: usize,
    /// Units used: septets in GSM-7, UTF-16 units in UCS-2.
    pub units: usize,
    /// Units that the present number of segments can hold.
    pub capacity: usize,
    /// The first character that GSM-7 does not have, and so forced UCS-2.
    pub forced_by: Option<char>,
}

const GSM_7: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// These take two septets each.
const GSM_7_EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// Counts segments as Twilio bills them (3GPP TS 23.038 and 23.040): a character is never split
/// over two segments.
pub fn count_segments_util(text: &str) -> SegmentCount {
    let forced_by = text.chars().find(|&c| septets(c).is_none());
    let (encoding, single, part) = match forced_by {
        None => (SmsEncoding::Gsm7, 160, 153),
        Some(_) => (SmsEncoding::Ucs2, 70, 67),
    };
    let sizes = || {
        text.chars().map(|c| match encoding {
            SmsEncoding::Gsm7 => septets(c).unwrap_or(1),
            SmsEncoding::Ucs2 => c.len_utf16(),
        })
    };
    let units: usize = sizes().sum();
    let segments = match units {
        0 => 0,
        n if n <= single => 1,
        _ => fill(sizes(), part),
    };
    let capacity = if segments > 1 {
        segments * part
    } else {
        single
    };
    SegmentCount {
        encoding,
        segments,
        units,
        capacity,
        forced_by,
    }
}

fn septets(c: char) -> Option<usize> {
    if GSM_7.contains(c) {
        Some(1)
    } else if GSM_7_EXTENDED.contains(c) {
        Some(2)
    } else {
        None
    }
}

fn fill(sizes: impl Iterator<Item = usize>, part: usize) -> usize {
    let (mut segments, mut used) = (1, 0);
    for size in sizes {
        if used + size > part {
            segments += 1;
            used = 0;
        }
        used += size;
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(text: &str) -> usize {
        count_segments_util(text).segments
    }

    #[test]
    fn gsm_7_holds_160_and_then_153_a_part() {
        assert_eq!(segments(""), 0);
        assert_eq!(segments(&"a".repeat(160)), 1);
        assert_eq!(segments(&"a".repeat(161)), 2);
        assert_eq!(segments(&"a".repeat(306)), 2);
        assert_eq!(segments(&"a".repeat(307)), 3);
    }

    #[test]
    fn extended_characters_take_two_and_are_not_split() {
        assert_eq!(segments(&"€".repeat(80)), 1);
        assert_eq!(segments(&"€".repeat(81)), 2);
        // 152 + one € does not fit in 153: the € moves to the second part.
        let text = format!("{}€{}", "a".repeat(152), "a".repeat(152));
        assert_eq!(segments(&text), 3);
    }

    #[test]
    fn one_other_character_forces_ucs_2_and_is_named() {
        let count = count_segments_util("It’s fine");
        assert_eq!(count.encoding, SmsEncoding::Ucs2);
        assert_eq!(count.forced_by, Some('’'));
        assert_eq!(segments(&"я".repeat(70)), 1);
        assert_eq!(segments(&"я".repeat(71)), 2);
    }

    #[test]
    fn an_emoji_is_two_units_and_stays_whole() {
        assert_eq!(count_segments_util("👍").units, 2);
        assert_eq!(segments(&"👍".repeat(35)), 1);
        // 67 is odd, so a part holds 33 emoji.
        assert_eq!(segments(&"👍".repeat(66)), 2);
        assert_eq!(segments(&"👍".repeat(67)), 3);
    }
}
