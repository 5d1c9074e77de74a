use std::borrow::Cow;

/// Makes JSON readable: invalid UTF-8 and halves of a surrogate pair (half an emoji) become U+FFFD.
/// The rest stays as it is.
pub fn readable_json(json: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(json);
    let may_have_surrogates = text
        .as_bytes()
        .windows(3)
        .any(|three| matches!(three, [b'\\', b'u', b'd' | b'D']));
    if may_have_surrogates {
        Cow::Owned(mend(&text))
    } else {
        text
    }
}

/// `\uXXXX`, in characters.
const ESCAPE: usize = 6;

fn mend(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let taken = match code_unit(escape) {
            Some(0xD800..=0xDBFF)
                if matches!(code_unit(&escape[ESCAPE..]), Some(0xDC00..=0xDFFF)) =>
            {
                mended.push_str(&escape[..2 * ESCAPE]);
                2 * ESCAPE
            }
            Some(0xD800..=0xDFFF) => {
                mended.push_str("\\ufffd");
                ESCAPE
            }
            _ => {
                // The backslash, and what it escapes: it may be another backslash.
                let escaped = escape[1..].chars().next().map_or(0, char::len_utf8);
                mended.push_str(&escape[..=escaped]);
                1 + escaped
            }
        };
        rest = &escape[taken..];
    }
    mended.push_str(rest);
    mended
}

/// The code unit that a text begins with, as an escape.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| are_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &[u8]) -> String {
        serde_json::from_str(&readable_json(json)).expect("it can be read")
    }

    #[test]
    fn half_an_emoji_is_a_replacement_character_and_a_whole_one_stays() {
        assert_eq!(read(br#""thanks \ud83d""#), "thanks \u{fffd}");
        assert_eq!(read(br#""\ude00 \uD83D\uDE00""#), "\u{fffd} \u{1f600}");
        assert_eq!(read(br#""\ud83d\ud83d\ude00""#), "\u{fffd}\u{1f600}");
        assert_eq!(read(br#""\ud83dx\ude00""#), "\u{fffd}x\u{fffd}");
        assert_eq!(read(br#""\\ud83d""#), "\\ud83d", "an escaped backslash");
        assert_eq!(read(b"\"caf\xe9\""), "caf\u{fffd}");
    }

    #[test]
    fn what_is_no_json_stays_none() {
        for wrong in [r#""\ud8"#, r#""\ud8é"#, "\\", r#""\u+83d""#] {
            let read = readable_json(wrong.as_bytes());
            assert!(serde_json::from_str::<String>(&read).is_err(), "{read}");
        }
    }
}
