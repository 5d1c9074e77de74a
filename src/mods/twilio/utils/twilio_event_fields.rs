//! The fields of Twilio's events as they are kept: bounded, and without what cannot be stored.

use chrono::{DateTime, Utc};

use super::{ParseEventError, event_envelope::storable, parsed_event::MAX_ADDRESS_CHARACTERS};
use crate::mods::contact::{
    types::{OptOutEvidence, OptOutKeyword},
    utils::opt_out_keyword_util,
};

/// Six times the longest text that Twilio takes; what is beyond it is only in the event.
pub(super) const MAX_BODY_CHARACTERS: usize = 10_000;
/// Of the words of an error.
pub(super) const MAX_ERROR_CHARACTERS: usize = 1_000;
/// Of a word for a status, or a number.
pub(super) const MAX_WORD_CHARACTERS: usize = 64;
/// Twilio's limit is 10 files.
pub(super) const MAX_FILES: i32 = 50;
/// Twilio's groups have at most 50 people.
const MAX_RECIPIENTS: usize = 50;

/// An address that can be kept.
pub(super) fn address(value: Option<&str>, name: &'static str) -> Result<String, ParseEventError> {
    let address = value
        .filter(|text| !text.is_empty())
        .ok_or(ParseEventError::Missing(name))?;
    if address.chars().nth(MAX_ADDRESS_CHARACTERS).is_some() {
        return Err(ParseEventError::TooLong(name));
    }
    Ok(storable(address))
}

/// The beginning of a text, and whether its end is missing.
pub(super) fn cut_body(body: Option<String>) -> (Option<String>, bool) {
    match body {
        Some(body) if body.chars().nth(MAX_BODY_CHARACTERS).is_some() => {
            (Some(cut(&body, MAX_BODY_CHARACTERS)), true)
        }
        body => (body, false),
    }
}

/// The beginning of a text, as Postgres can store it.
pub(super) fn cut(text: &str, most: usize) -> String {
    storable(text).chars().take(most).collect()
}

/// The other numbers that a text to a group went to.
pub(super) fn also_to(recipients: &serde_json::Value, to: &str) -> Vec<String> {
    let all = recipients.as_array().map(Vec::as_slice).unwrap_or_default();
    let is_number = |text: &&str| {
        let is_short = text.len() <= MAX_WORD_CHARACTERS;
        is_short && !text.is_empty() && !text.contains(char::is_whitespace) && !text.contains('\0')
    };
    all.iter()
        .filter_map(serde_json::Value::as_str)
        .filter(|number| *number != to)
        .filter(is_number)
        .take(MAX_RECIPIENTS)
        .map(str::to_owned)
        .collect()
}

/// Twilio's own word counts where it says one, as an account may have other keywords; HELP and
/// unknown words change nothing. Else the text counts, if it has no files.
pub(super) fn opt_out(
    opt_out_type: Option<String>,
    body: Option<&str>,
    num_media: i32,
) -> Option<(OptOutKeyword, OptOutEvidence)> {
    if let Some(word) = opt_out_type.filter(|word| !word.is_empty()) {
        let keyword = match word.to_ascii_uppercase().as_str() {
            "STOP" => OptOutKeyword::Stop,
            "START" => OptOutKeyword::Start,
            _ => return None,
        };
        return Some((keyword, OptOutEvidence::OptOutType(storable(&word))));
    }
    let (keyword, word) = opt_out_keyword_util(body.filter(|_| num_media == 0)?)?;
    Some((keyword, OptOutEvidence::Keyword(word)))
}

/// A time in the format of events.
pub(super) fn parse_time(text: Option<&str>) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text?)
        .ok()
        .map(|time| time.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_to_a_group_names_the_others() {
        let recipients = serde_json::json!(["+2", "+3", 4, "", "a b"]);
        assert_eq!(also_to(&recipients, "+2"), ["+3"]);
        assert!(also_to(&serde_json::json!(["+2"]), "+2").is_empty());
        assert!(also_to(&serde_json::json!("x"), "+2").is_empty());
    }
}
