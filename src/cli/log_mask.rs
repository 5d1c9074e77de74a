//! Masking of what no log line may contain.

use std::{
    borrow::Cow,
    io::{self, Write},
};

/// Hexadecimal digits after the two letters of each of Twilio's ids.
const DIGITS: usize = 32;
const SID_BYTES: usize = 2 + DIGITS;
/// Digits that stay readable at the end.
const SHOWN: usize = 4;

/// Writes logs to standard error and masks every Twilio SID, whether in a field, a path or an
/// error.
#[derive(Debug, Default)]
pub struct MaskedStderr;

impl Write for MaskedStderr {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        io::stderr().lock().write_all(&mask_sids(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().lock().flush()
    }
}

/// `AC0123…1234` becomes `AC••••••••1234`.
fn mask_sids(line: &[u8]) -> Cow<'_, [u8]> {
    let mut masked: Option<Vec<u8>> = None;
    let mut done = 0;
    let mut at = 0;
    while at + SID_BYTES <= line.len() {
        if !begins_with_sid(&line[at..]) {
            at += 1;
            continue;
        }
        let masked = masked.get_or_insert_with(Vec::new);
        masked.extend_from_slice(&line[done..at + 2]);
        masked.extend_from_slice("••••••••".as_bytes());
        done = at + SID_BYTES - SHOWN;
        at += SID_BYTES;
    }
    match masked {
        None => Cow::Borrowed(line),
        Some(mut masked) => {
            masked.extend_from_slice(&line[done..]);
            Cow::Owned(masked)
        }
    }
}

fn begins_with_sid(text: &[u8]) -> bool {
    let (kind, rest) = text.split_at(2);
    kind.iter().all(u8::is_ascii_uppercase) && rest[..DIGITS].iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(line: &str) -> String {
        String::from_utf8(mask_sids(line.as_bytes()).into_owned()).expect("text")
    }

    #[test]
    fn every_sid_of_a_line_is_masked_and_nothing_else() {
        let digits = "0123456789abcdef0123456789ab";
        let line = format!("path=/Accounts/AC{digits}1234/Messages/SM{digits}5678.json code=20404");
        assert_eq!(
            masked(&line),
            "path=/Accounts/AC••••••••1234/Messages/SM••••••••5678.json code=20404"
        );
        for plain in [
            "",
            "AC",
            "ready",
            "0123456789abcdef0123456789abcdef",
            "Zoë 🙂",
        ] {
            assert_eq!(masked(plain), plain);
        }
    }
}
