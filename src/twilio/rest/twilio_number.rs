use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{TwilioError, TwilioReader, list_twilio_pages};
use crate::{bases::e164::E164, twilio::NumberCapabilities};

/// The values of a number that say who answers its texts and calls, and its name.
pub const NUMBER_SETTINGS: [&str; 12] = [
    "friendly_name",
    "sms_url",
    "sms_method",
    "sms_application_sid",
    "sms_fallback_url",
    "voice_url",
    "voice_method",
    "voice_application_sid",
    "voice_fallback_url",
    "status_callback",
    "status_callback_method",
    "trunk_sid",
];

/// A number as Twilio has it ([IncomingPhoneNumber]).
///
/// [IncomingPhoneNumber]: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TwilioNumber {
    pub sid: String,
    /// E.164.
    pub phone_number: String,
    #[serde(default, deserialize_with = "capabilities")]
    pub capabilities: NumberCapabilities,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl TwilioNumber {
    /// A value by its name at Twilio; empty if it is not set, which Twilio writes as "" or null.
    pub fn setting(&self, name: &str) -> &str {
        self.rest
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Several of them.
    pub fn settings(&self, names: &[&str]) -> BTreeMap<String, String> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), self.setting(name).to_owned()))
            .collect()
    }
}

/// Twilio's spelling of the keys differs between its libraries, so case does not count; what is
/// missing is false.
pub fn capabilities<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<NumberCapabilities, D::Error> {
    let given = Option::<BTreeMap<String, Value>>::deserialize(deserializer)?;
    let given = given.unwrap_or_default();
    let can = |name: &str| {
        given
            .iter()
            .any(|(key, value)| key.eq_ignore_ascii_case(name) && *value == Value::Bool(true))
    };
    Ok(NumberCapabilities {
        sms: can("sms"),
        mms: can("mms"),
        voice: can("voice"),
    })
}

/// All numbers of the account.
pub async fn list_twilio_numbers(reader: &TwilioReader) -> Result<Vec<TwilioNumber>, TwilioError> {
    let account = reader.account_sid();
    let first = format!("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json?PageSize=1000");
    list_twilio_pages(reader, &first, "incoming_phone_numbers").await
}

/// A number of the account by its digits; `None` if the account does not have it.
pub async fn find_twilio_number(
    reader: &TwilioReader,
    number: &E164,
) -> Result<Option<TwilioNumber>, TwilioError> {
    let (account, digits) = (reader.account_sid(), number.as_str().replace('+', "%2B"));
    let first =
        format!("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json?PhoneNumber={digits}");
    let found: Vec<TwilioNumber> =
        list_twilio_pages(reader, &first, "incoming_phone_numbers").await?;
    // The filter finds parts of numbers too.
    Ok(found
        .into_iter()
        .find(|one| one.phone_number == number.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_with_any_spelling_and_with_values_that_are_not_set() {
        let text = r#"{"sid":"PN1","phone_number":"+14155550134","capabilities":{"SMS":true,"mms":false,"voice":true},
            "voice_url":"https://pbx.example/voice","sms_url":"","trunk_sid":null}"#;
        let number: TwilioNumber = serde_json::from_str(text).expect("a number");
        let can = NumberCapabilities {
            sms: true,
            mms: false,
            voice: true,
        };
        assert_eq!(number.capabilities, can);
        assert_eq!(number.setting("voice_url"), "https://pbx.example/voice");
        for unset in ["sms_url", "trunk_sid", "status_callback"] {
            assert_eq!(number.setting(unset), "", "{unset}");
        }
    }
}
