use dioxus::prelude::*;

use crate::mods::messaging::{
    types::MAX_MESSAGE_CHARACTERS,
    utils::{SmsEncoding, count_segments_util, is_blank_util},
};

/// From this many segments on, the counter warns: each is billed. Before that it warns where Unicode
/// makes them more.
const MANY_SEGMENTS: usize = 3;

/// Whether a text can be sent as it is.
pub fn is_sendable(text: &str) -> bool {
    !is_blank_util(text) && text.trim().chars().count() <= MAX_MESSAGE_CHARACTERS
}

/// What a text costs to send, and which character made it dearer.
#[component]
pub fn SegmentCounter(field: &'static str, text: String) -> Element {
    let text = text.trim();
    let count = count_segments_util(text);
    let characters = text.chars().count();
    let (class, label) = if characters > MAX_MESSAGE_CHARACTERS {
        (
            "segment-counter segment-counter--danger",
            format!("{characters} of {MAX_MESSAGE_CHARACTERS} characters"),
        )
    } else {
        let encoding = match (count.encoding, count.forced_by) {
            (SmsEncoding::Ucs2, Some(character)) if is_blank_util(&character.to_string()) => {
                format!("Unicode (U+{:04X})", u32::from(character))
            }
            (SmsEncoding::Ucs2, Some(character)) => format!("Unicode ({character})"),
            _ => "GSM-7".to_owned(),
        };
        let plural = if count.segments == 1 { "" } else { "s" };
        let label = format!(
            "{encoding} · {} segment{plural} · {}/{}",
            count.segments, count.units, count.capacity
        );
        let without_unicode = if characters <= 160 {
            1
        } else {
            characters.div_ceil(153)
        };
        let warn = count.segments > without_unicode || count.segments >= MANY_SEGMENTS;
        (
            if warn {
                "segment-counter segment-counter--warning"
            } else {
                "segment-counter"
            },
            label,
        )
    };
    let title = match count.encoding {
        SmsEncoding::Gsm7 => "GSM-7: 160 characters in one segment, 153 in each of several",
        SmsEncoding::Ucs2 => "Unicode: 70 characters in one segment, 67 in each of several",
    };
    rsx! {
        output { class, "for": field, aria_live: "off", title,
            if !text.is_empty() {
                "{label}"
            }
        }
    }
}
