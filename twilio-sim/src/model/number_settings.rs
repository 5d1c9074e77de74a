use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// What a setting's value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Empty, or an address of the web.
    Url,
    /// `GET` or `POST`; `POST` unless set.
    Method,
    /// Empty, or a SID that begins so.
    Sid(&'static str),
}

/// The settings of a number, by their names in a request and in an answer.
const SETTINGS: [(&str, &str, Rule); 14] = [
    ("SmsUrl", "sms_url", Rule::Url),
    ("SmsMethod", "sms_method", Rule::Method),
    ("SmsFallbackUrl", "sms_fallback_url", Rule::Url),
    ("SmsFallbackMethod", "sms_fallback_method", Rule::Method),
    ("SmsApplicationSid", "sms_application_sid", Rule::Sid("AP")),
    ("VoiceUrl", "voice_url", Rule::Url),
    ("VoiceMethod", "voice_method", Rule::Method),
    ("VoiceFallbackUrl", "voice_fallback_url", Rule::Url),
    ("VoiceFallbackMethod", "voice_fallback_method", Rule::Method),
    (
        "VoiceApplicationSid",
        "voice_application_sid",
        Rule::Sid("AP"),
    ),
    ("TrunkSid", "trunk_sid", Rule::Sid("TK")),
    ("StatusCallback", "status_callback", Rule::Url),
    (
        "StatusCallbackMethod",
        "status_callback_method",
        Rule::Method,
    ),
    ("AddressSid", "address_sid", Rule::Sid("AD")),
];
/// Those that are null in an answer while they are not set; the others are empty.
const NULL_UNLESS_SET: [&str; 2] = ["trunk_sid", "address_sid"];

/// A setting has a value that it cannot have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} cannot be {value:?}")]
pub struct SettingError {
    /// Its name in a request.
    pub name: &'static str,
    /// What was given.
    pub value: String,
    /// Whether an address was expected.
    pub is_url: bool,
}

/// Where a number's calls and texts lead, and how. A number that was just bought has none set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberSettings(BTreeMap<&'static str, String>);

impl NumberSettings {
    /// Takes what a request or a hand sets, and leaves the rest: `value` is asked for each setting,
    /// with its name in a request and in an answer.
    ///
    /// # Errors
    /// A value cannot be; then nothing is set.
    pub(crate) fn set<'a>(
        &mut self,
        value: impl Fn(&str, &str) -> Option<&'a str>,
    ) -> Result<(), SettingError> {
        let mut changed = self.clone();
        for (form_name, json_name, rule) in SETTINGS {
            let Some(value) = value(form_name, json_name) else {
                continue;
            };
            let value = match rule {
                Rule::Method => value.to_uppercase(),
                Rule::Url | Rule::Sid(_) => value.to_owned(),
            };
            if !rule.allows(&value) {
                return Err(SettingError {
                    name: form_name,
                    value,
                    is_url: rule == Rule::Url,
                });
            }
            changed.0.insert(json_name, value);
        }
        *self = changed;
        Ok(())
    }

    /// The value of a setting by its name in an answer; empty unless set.
    #[must_use]
    pub fn get(&self, json_name: &str) -> &str {
        self.0.get(json_name).map_or("", String::as_str)
    }

    /// Whether a webhook's method is GET.
    #[must_use]
    pub fn is_get(&self, json_name: &str) -> bool {
        self.get(json_name) == "GET"
    }

    /// Whether there is such a setting, by its name in an answer.
    pub(crate) fn is_name(json_name: &str) -> bool {
        SETTINGS.iter().any(|(_, name, _)| *name == json_name)
    }
}

impl Rule {
    fn allows(self, value: &str) -> bool {
        match self {
            Self::Method => matches!(value, "GET" | "POST"),
            Self::Url => {
                value.is_empty()
                    || reqwest::Url::parse(value)
                        .is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
            }
            Self::Sid(prefix) => {
                value.is_empty()
                    || value
                        .strip_prefix(prefix)
                        .is_some_and(|rest| rest.len() == 32 && rest.is_ascii())
            }
        }
    }
}

impl Serialize for NumberSettings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(SETTINGS.len()))?;
        for (_, name, rule) in SETTINGS {
            match (self.get(name), rule) {
                ("", Rule::Method) => map.serialize_entry(name, "POST")?,
                ("", _) if NULL_UNLESS_SET.contains(&name) => {
                    map.serialize_entry(name, &None::<&str>)?;
                }
                (value, _) => map.serialize_entry(name, value)?,
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_cannot_be_changes_nothing() {
        let mut settings = NumberSettings::default();
        let form = [("VoiceUrl", "https://a.example/v"), ("VoiceMethod", "PUT")];
        let value = |name: &str, _: &str| {
            let found = form.iter().find(|(given, _)| *given == name);
            found.map(|(_, value)| *value)
        };
        let error = settings.set(value).expect_err("PUT cannot be");
        assert_eq!((error.name, error.is_url), ("VoiceMethod", false));
        assert_eq!(settings, NumberSettings::default());
    }

    #[test]
    fn what_is_not_set_is_shown_as_twilio_shows_it() {
        let shown = serde_json::to_value(NumberSettings::default()).expect("JSON");
        assert_eq!(shown["voice_url"], "");
        assert_eq!(shown["voice_method"], "POST");
        assert_eq!(shown["trunk_sid"], serde_json::Value::Null);
    }
}
