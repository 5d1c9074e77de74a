use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{bases::error::AppError, entities::states::Role};

/// Stands for the part of an address that is hidden.
const HIDDEN: &str = "…";

/// What may be shown to somebody in this role of something that holds addresses of other apps.
///
/// Webhooks that somebody else has set at Twilio often carry a password, a key in their query, or a
/// token in their path. An agent has no use for these: of every address, wherever it stands, only
/// the host is shown. Those below `ours`, Loquent's own, stay whole.
pub fn mask_addresses_util<T>(value: T, role: Role, ours: &str) -> Result<T, AppError>
where
    T: Serialize + DeserializeOwned,
{
    if role >= Role::Admin {
        return Ok(value);
    }
    let unreadable = |error: serde_json::Error| {
        tracing::error!(%error, "an answer could not be masked");
        AppError::Internal
    };
    let mut json = serde_json::to_value(value).map_err(unreadable)?;
    mask_value(&mut json, ours);
    serde_json::from_value(json).map_err(unreadable)
}

fn mask_value(value: &mut Value, ours: &str) {
    match value {
        Value::Object(fields) => fields
            .iter_mut()
            .for_each(|(_, value)| mask_value(value, ours)),
        Value::Array(values) => values.iter_mut().for_each(|value| mask_value(value, ours)),
        Value::String(text) if text.contains("://") => *text = mask_text(text, ours),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Masks every address in a text. One ends with white space or a quotation mark.
fn mask_text(text: &str, ours: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find("://") {
        let (before, address) = rest.split_at(place + "://".len());
        let scheme = before[..place].trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        let scheme = &before[scheme.len()..];
        let end = address
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '<' | '>'))
            .unwrap_or(address.len());
        let (address, after) = address.split_at(end);
        let whole = format!("{scheme}{address}");
        masked.push_str(before);
        if is_ours(&whole, ours) {
            masked.push_str(address);
        } else {
            masked.push_str(&host_of(address));
        }
        rest = after;
    }
    masked.push_str(rest);
    masked
}

fn is_ours(address: &str, ours: &str) -> bool {
    address
        .strip_prefix(ours)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The host of what follows a `://`, and whether there was more. A password may hold any character
/// but those that end the host, so what is before the last `@` is never shown.
fn host_of(address: &str) -> String {
    let end = address.find(['/', '?', '#', '\\']).unwrap_or(address.len());
    let (authority, rest) = address.split_at(end);
    // A user that was not encoded may hold a slash, too.
    let (authority, rest) = match rest.rsplit_once('@') {
        Some((_, behind)) if !authority.contains('@') => {
            let end = behind.find(['/', '?', '#']).unwrap_or(behind.len());
            behind.split_at(end)
        }
        _ => (authority, rest),
    };
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    match rest {
        "" | "/" => host.to_owned(),
        _ => format!("{host}/{HIDDEN}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const OURS: &str = "https://sms.example.com";

    #[test]
    fn an_agent_sees_of_an_address_its_host_only() -> Result<(), AppError> {
        for (whole, shown) in [
            (
                "https://hook:S3cr3tPw@old.example/sms?api_key=abcdef123",
                "https://old.example/…",
            ),
            ("https://old.example", "https://old.example"),
            ("https://old.example/", "https://old.example"),
            (
                "https://old.example:8443/T0/B0/x",
                "https://old.example:8443/…",
            ),
            ("https://old.example?key=1", "https://old.example/…"),
            ("https://old.example#key", "https://old.example/…"),
            ("wss://u:p@ws.example/x", "wss://ws.example/…"),
            ("HTTPS://U:P@old.example/x", "HTTPS://old.example/…"),
            ("https://u:p/w@old.example/x", "https://old.example/…"),
            (
                "Texts that go to https://u:p@a.example/x now, and to “http://b.example/y?z” too.",
                "Texts that go to https://a.example/… now, and to “http://b.example/…” too.",
            ),
            (
                "https://sms.example.com/twilio/voice",
                "https://sms.example.com/twilio/voice",
            ),
            (
                "https://sms.example.com.evil.example/x",
                "https://sms.example.com.evil.example/…",
            ),
            ("no address", "no address"),
            ("://", "://"),
            ("é://é/é", "é://é/…"),
        ] {
            let value = json!({ "list": [{ "deep": whole }] });
            let masked = mask_addresses_util(value.clone(), Role::Agent, OURS)?;
            assert_eq!(masked["list"][0]["deep"], shown, "{whole}");
            assert_eq!(
                mask_addresses_util(value.clone(), Role::Admin, OURS)?,
                value
            );
        }
        Ok(())
    }
}
