use linkify::{LinkFinder, LinkKind};

use crate::mods::{contact::utils::parse_phone_number_util, messaging::types::TextLink};

/// The links in a text: pages, e-mail addresses and phone numbers. Nothing but `http`, `https`,
/// `mailto` and `tel`. A national phone number is read as in the country of `home`, the
/// organization's end of the message.
pub fn find_links_util(text: &str, home: &str) -> Vec<TextLink> {
    let mut finder = LinkFinder::new();
    finder.url_must_have_scheme(false);
    let mut links: Vec<TextLink> = finder
        .links(text)
        .filter_map(|link| {
            Some(TextLink {
                start: link.start(),
                end: link.end(),
                href: href(link.as_str(), link.kind())?,
            })
        })
        .collect();
    let phones = phone_candidates(text).filter_map(|(start, end)| {
        let is_free = links
            .iter()
            .all(|link| end <= link.start || link.end <= start);
        let phone = parse_phone_number_util(&text[start..end], home).ok()?;
        is_free.then(|| TextLink {
            start,
            end,
            href: format!("tel:{phone}"),
        })
    });
    let phones: Vec<_> = phones.collect();
    links.extend(phones);
    links.sort_by_key(|link| link.start);
    links
}

fn href(found: &str, kind: &LinkKind) -> Option<String> {
    let lower = found.to_lowercase();
    match kind {
        LinkKind::Email => Some(format!("mailto:{found}")),
        LinkKind::Url if lower.starts_with("http://") || lower.starts_with("https://") => {
            Some(found.to_owned())
        }
        // Without a scheme, anything with a dot would be an address: "tomorrow.Thanks".
        LinkKind::Url if lower.starts_with("www.") => Some(format!("https://{found}")),
        _ => None,
    }
}

/// The stretches of a text that may be phone numbers: digits, with what people write between them.
fn phone_candidates(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let is_part = |character: char| {
        character.is_ascii_digit()
            || matches!(character, '+' | '(' | ')' | '-' | '.' | ' ' | '\u{a0}')
    };
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = &text[at..];
            let start = at + rest.find(|c: char| c.is_ascii_digit() || c == '+' || c == '(')?;
            let length = text[start..]
                .find(|c: char| !is_part(c))
                .unwrap_or(text.len() - start);
            let stretch = &text[start..start + length];
            at = start + length;
            let end = start
                + stretch
                    .rfind(|c: char| c.is_ascii_digit())
                    .map_or(0, |last| last + 1);
            let touches = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
            let in_a_word =
                touches(text[..start].chars().next_back()) || touches(text[end..].chars().next());
            if end > start && !in_a_word && !is_date(&text[start..end]) {
                return Some((start, end));
            }
            if at >= text.len() {
                return None;
            }
        }
    })
}

/// Whether a stretch begins as a date: day, month and year, or year, month and day.
fn is_date(stretch: &str) -> bool {
    let parts: Vec<&str> = stretch
        .split(|character: char| !character.is_ascii_digit())
        .collect();
    let is_year =
        |part: &str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    let is_short = |part: &str| (1..=2).contains(&part.len());
    match parts[..] {
        [first, second, third, ..] if is_short(second) => {
            is_year(first) && is_short(third) || is_short(first) && is_year(third)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<(String, String)> {
        find_links_util(text, "+14155550134")
            .into_iter()
            .map(|link| (text[link.start..link.end].to_owned(), link.href))
            .collect()
    }

    fn one(text: &str) -> (String, String) {
        let found = links(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found.into_iter().next().expect("one link")
    }

    #[test]
    fn links_are_found_without_the_marks_around_them() {
        for (text, shown, href) in [
            (
                "See https://example.com/a?b=1.",
                "https://example.com/a?b=1",
                "https://example.com/a?b=1",
            ),
            (
                "(http://example.com/x)",
                "http://example.com/x",
                "http://example.com/x",
            ),
            (
                "go to www.example.com, please",
                "www.example.com",
                "https://www.example.com",
            ),
            (
                "mail dana@example.com!",
                "dana@example.com",
                "mailto:dana@example.com",
            ),
            ("call (415) 555-0162.", "(415) 555-0162", "tel:+14155550162"),
            (
                "call (415) 555-0162 today",
                "(415) 555-0162",
                "tel:+14155550162",
            ),
            (
                "My number is +1 415 555 0162 thanks",
                "+1 415 555 0162",
                "tel:+14155550162",
            ),
            (
                "or +49 1511 2345678?",
                "+49 1511 2345678",
                "tel:+4915112345678",
            ),
            (
                "ש https://example.com/ü ש",
                "https://example.com/ü",
                "https://example.com/ü",
            ),
        ] {
            assert_eq!(one(text), (shown.to_owned(), href.to_owned()), "{text}");
        }
    }

    #[test]
    fn nothing_else_is_a_link() {
        for text in [
            "javascript:alert(1)",
            "javascript://example.com/%0aalert(1)",
            "data:text/html,x",
            "ftp://example.com/a",
            "tomorrow.Thanks",
            "on 2026-11-30 at 10:44",
            "2026-11-30 10:44",
            "Termin: 24.12.2026, 10 Uhr",
            "30.11.2026 10:30",
            "12/24/2026!",
            "Order 123456789012345678",
            "abc4155550162",
        ] {
            assert_eq!(links(text), [], "{text}");
            assert_eq!(find_links_util(text, "+4930123456"), [], "{text}");
        }
    }
}
