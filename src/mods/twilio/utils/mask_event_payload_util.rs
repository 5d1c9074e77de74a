use serde_json::Value;

/// What stands for something that is hidden.
const HIDDEN: &str = "••••••";
/// Parts of names whose values are secrets.
const SECRET_NAMES: [&str; 6] = [
    "token",
    "secret",
    "password",
    "authoriz",
    "signature",
    "apikey",
];
/// Digits of a hidden id or number that stay, so that two can be told apart.
const KEPT: usize = 4;

/// The payload of an event, indented, for somebody to look at.
///
/// Nobody sees secrets: values whose names say so, the user and query parts of addresses (which
/// may hold tokens), and account and key SIDs but for their ends. With `hides_people`, texts and
/// phone numbers are hidden, too. A payload that is not JSON is not shown.
pub fn mask_event_payload_util(payload: &str, hides_people: bool) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(payload) else {
        return HIDDEN.to_owned();
    };
    mask_value(&mut value, hides_people);
    // A value that was read can be written.
    serde_json::to_string_pretty(&value).unwrap_or_else(|_| HIDDEN.to_owned())
}

/// The same for a line of text, such as an error or an id.
pub fn mask_event_text_util(text: &str, hides_people: bool) -> String {
    let text = mask_runs(text, account_end);
    if hides_people {
        mask_runs(&text, phone_end)
    } else {
        text
    }
}

fn mask_value(value: &mut Value, hides_people: bool) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.to_ascii_lowercase().replace(['_', '-'], "");
                let is_secret = SECRET_NAMES.iter().any(|secret| name.contains(secret));
                if is_secret || (hides_people && name == "body") {
                    hide(value);
                } else {
                    mask_value(value, hides_people);
                }
            }
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| mask_value(value, hides_people)),
        Value::String(text) => *text = mask_text(text, hides_people),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Hides a value and all that is in it; that it is missing stays to be seen.
fn hide(value: &mut Value) {
    if !value.is_null() {
        *value = Value::String(HIDDEN.to_owned());
    }
}

fn mask_text(text: &str, hides_people: bool) -> String {
    let text = match text.split_once("://") {
        Some((scheme, rest))
            if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") =>
        {
            format!("{scheme}://{}", mask_address(rest))
        }
        _ => text.to_owned(),
    };
    mask_event_text_util(&text, hides_people)
}

/// An address after its `://`, without user and query.
fn mask_address(rest: &str) -> String {
    let (place, query) = rest
        .split_once(['?', '#'])
        .map_or((rest, ""), |(place, _)| (place, "?…"));
    let (host, path) = place.split_at(place.find('/').unwrap_or(place.len()));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{host}{path}{query}")
}

/// Hides runs of letters and digits, which may begin with a plus, but for their ends. The rule says
/// whether a run is hidden, and how much of its front stays.
fn mask_runs(text: &str, rule: impl Fn(&str) -> Option<usize>) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric() || c == '+') {
        let (before, from_run) = rest.split_at(start);
        let length = from_run
            .char_indices()
            .skip(1)
            .find(|(_, c)| !c.is_ascii_alphanumeric())
            .map_or(from_run.len(), |(at, _)| at);
        let (run, after) = from_run.split_at(length);
        masked.push_str(before);
        match rule(run) {
            Some(front) => {
                masked.push_str(&run[..front]);
                masked.push_str("••••••••");
                masked.push_str(&run[run.len() - KEPT..]);
            }
            None => masked.push_str(run),
        }
        rest = after;
    }
    masked.push_str(rest);
    masked
}

/// `AC…` and `SK…` with 32 more characters.
fn account_end(run: &str) -> Option<usize> {
    let is_id = run.len() == 34 && (run.starts_with("AC") || run.starts_with("SK"));
    is_id.then_some(2)
}

/// A plus and 7 to 15 digits, or as many digits as a number without its plus has.
fn phone_end(run: &str) -> Option<usize> {
    let digits = run.strip_prefix('+').unwrap_or(run);
    let is_phone = digits.bytes().all(|b| b.is_ascii_digit())
        && match run.len() - digits.len() {
            0 => (10..=15).contains(&digits.len()),
            _ => (7..=15).contains(&digits.len()),
        };
    is_phone.then_some(run.len() - digits.len())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";

    fn event() -> String {
        json!({
            "id": "EZ1",
            "source": format!("/2010-04-01/Accounts/{ACCOUNT}/Messages/SM1.json"),
            "data": {
                "accountSid": ACCOUNT,
                "authToken": "t0ps3cret",
                "body": "My door code is 4471, call +14155550162",
                "from": "+14155550162",
                "to": "whatsapp:+14155550134",
                "recipients": ["+14155550134"],
                "statusCallBackUrl": "https://u:p@example.com/status?sig=abc&message_id=1",
                "errorCode": null,
                "tags": { "api_key": { "deep": "t0ps3cret" } },
            },
        })
        .to_string()
    }

    #[test]
    fn nobody_sees_secrets() {
        for hides_people in [false, true] {
            let shown = mask_event_payload_util(&event(), hides_people);
            for secret in [ACCOUNT, "t0ps3cret", "sig=abc", "u:p"] {
                assert!(!shown.contains(secret), "{secret} in {shown}");
            }
            assert!(shown.contains("AC••••••••cdef"), "{shown}");
            assert!(shown.contains("https://example.com/status?…"), "{shown}");
            assert!(shown.contains("\"errorCode\": null"), "{shown}");
        }
    }

    #[test]
    fn texts_and_numbers_are_hidden_where_asked_and_only_there() {
        let open = mask_event_payload_util(&event(), false);
        assert!(open.contains("My door code is 4471"), "{open}");
        assert!(open.contains("\"from\": \"+14155550162\""), "{open}");
        let masked = mask_event_payload_util(&event(), true);
        for hidden in ["door", "4471", "4155550162", "4155550134"] {
            assert!(!masked.contains(hidden), "{hidden} in {masked}");
        }
        assert!(masked.contains("\"from\": \"+••••••••0162\""), "{masked}");
        assert!(masked.contains("EZ1"), "{masked}");
    }

    #[test]
    fn what_is_not_json_is_not_shown() {
        assert_eq!(mask_event_payload_util("token=abc", false), HIDDEN);
        assert_eq!(
            mask_event_text_util("invalid type: string \"+14155550162\"", true),
            "invalid type: string \"+••••••••0162\""
        );
    }
}
