use crate::model::Sid;
use crate::rest::TwilioError;
use crate::rest::status_callback_url::is_valid_status_callback;
use crate::store::{AccountState, State};
use crate::wire::{FormFields, normalize_phone_number};

/// Longest text, in characters.
const MAX_BODY: usize = 1_600;
/// Most files of a message.
const MAX_MEDIA: usize = 10;
/// Parameters whose effect the simulator does not have. Ignoring them would send at once what was
/// meant for later, so they are refused.
const UNSUPPORTED: [&str; 4] = ["SendAt", "ScheduleType", "ContentSid", "ContentVariables"];

/// The parameters of a new message, checked as far as possible without looking at the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MessageRequest {
    /// E.164.
    pub to: String,
    pub from: Option<String>,
    pub messaging_service_sid: Option<String>,
    pub body: String,
    pub media_urls: Vec<String>,
    pub status_callback: Option<String>,
}

/// Who sends a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sender {
    /// `None`: the Messaging Service picks a number.
    pub from: Option<String>,
    pub messaging_service_sid: Option<Sid>,
}

impl MessageRequest {
    /// Reads and checks the form, with Twilio's error codes.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(form: &FormFields) -> Result<Self, TwilioError> {
        let text = |name: &str| text_of(form, name);
        if let Some(name) = UNSUPPORTED.into_iter().find(|name| text(name).is_some()) {
            return Err(TwilioError::invalid(format!(
                "The simulator does not support the parameter {name}"
            )));
        }
        let to = text("To")
            .ok_or_else(|| TwilioError::bad_request(21604, "A 'To' phone number is required."))?;
        let (from, messaging_service_sid) = (text("From"), text("MessagingServiceSid"));
        if from.is_none() && messaging_service_sid.is_none() {
            return Err(TwilioError::bad_request(
                21603,
                "A 'From' phone number is required.",
            ));
        }
        let (body, media_urls) = contents(form)?;
        let status_callback = text("StatusCallback");
        if let Some(url) = status_callback
            .as_deref()
            .filter(|url| !is_valid_status_callback(url))
        {
            return Err(TwilioError::bad_request(
                21609,
                format!("The StatusCallback URL {url} is not a valid URL."),
            ));
        }
        let to = normalize_phone_number(&to).ok_or_else(|| {
            TwilioError::bad_request(21211, format!("Invalid 'To' Phone Number: {to}"))
        })?;
        Ok(Self {
            to,
            from,
            messaging_service_sid,
            body,
            media_urls,
            status_callback,
        })
    }

    /// Finds the sender in the account, and checks that it may text the recipient.
    ///
    /// # Errors
    /// The sender is not the account's, cannot text, or the recipient has opted out.
    pub fn sender(&self, account: &AccountState, state: &State) -> Result<Sender, TwilioError> {
        let service = match &self.messaging_service_sid {
            None => None,
            Some(sid) => Some(
                account
                    .messaging_services
                    .iter()
                    .find(|service| service.sid.as_str() == sid)
                    .ok_or_else(|| {
                        TwilioError::bad_request(21705, "The Messaging Service Sid is invalid.")
                    })?,
            ),
        };
        if service.is_some_and(|service| service.phone_numbers.is_empty()) {
            return Err(TwilioError::bad_request(
                21703,
                "The Messaging Service does not have a phone number available to send a message.",
            ));
        }
        let from = match &self.from {
            None => None,
            Some(given) => Some(self.checked_from(given, account, state)?),
        };
        if let (Some(service), Some(from)) = (service, &from)
            && !service.phone_numbers.contains(from)
        {
            return Err(TwilioError::bad_request(
                21712,
                "The 'From' number is not in the sender pool of the Messaging Service.",
            ));
        }
        let likely_sender = from
            .as_ref()
            .or_else(|| service.and_then(|service| service.phone_numbers.first()));
        if likely_sender.is_some_and(|number| account.has_opted_out(number, &self.to)) {
            return Err(TwilioError::bad_request(
                21610,
                "Attempt to send to unsubscribed recipient",
            ));
        }
        Ok(Sender {
            from,
            messaging_service_sid: service.map(|service| service.sid.clone()),
        })
    }

    fn checked_from(
        &self,
        given: &str,
        account: &AccountState,
        state: &State,
    ) -> Result<String, TwilioError> {
        let from = normalize_phone_number(given).unwrap_or_else(|| given.to_owned());
        if from == self.to {
            return Err(TwilioError::bad_request(
                21266,
                format!("'To' and 'From' number cannot be the same: {from}"),
            ));
        }
        match account.phone_number(&from) {
            Some(number) if number.sms_enabled => Ok(from),
            Some(_) => Err(TwilioError::bad_request(
                21606,
                format!(
                    "The 'From' phone number provided ({from}) is not a valid message-capable Twilio phone number for this destination."
                ),
            )),
            None if state.owners.contains_key(&from) => Err(TwilioError::bad_request(
                21660,
                format!(
                    "Mismatch between the 'From' number {from} and the account {}",
                    account.account.sid
                ),
            )),
            None => Err(TwilioError::bad_request(
                21659,
                format!(
                    "'From' {from} is not a Twilio phone number or Short Code country mismatch"
                ),
            )),
        }
    }
}

/// A parameter that is there and not empty.
fn text_of(form: &FormFields, name: &str) -> Option<String> {
    form.get(name)
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
}

/// The text and the addresses of the files.
fn contents(form: &FormFields) -> Result<(String, Vec<String>), TwilioError> {
    let body = text_of(form, "Body").unwrap_or_default();
    let media_urls: Vec<String> = form
        .all("MediaUrl")
        .into_iter()
        .filter(|url| !url.is_empty())
        .map(str::to_owned)
        .collect();
    if body.is_empty() && media_urls.is_empty() {
        return Err(TwilioError::bad_request(
            21619,
            "A text message body or media urls must be specified.",
        ));
    }
    if body.chars().count() > MAX_BODY {
        return Err(TwilioError::bad_request(
            21617,
            format!("The concatenated message body exceeds the {MAX_BODY} character limit"),
        ));
    }
    if media_urls.len() > MAX_MEDIA {
        return Err(TwilioError::bad_request(
            21623,
            "Number of media files exceeds allowed limit.",
        ));
    }
    let is_web_url = |url: &String| {
        reqwest::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
    };
    if !media_urls.iter().all(is_web_url) {
        return Err(TwilioError::bad_request(21620, "Invalid media URL(s)"));
    }
    Ok((body, media_urls))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "To=%2B14155550162&From=%2B14155550134&Body=Hello";

    fn code_of(form: &str) -> u32 {
        MessageRequest::parse(&FormFields::parse(form.as_bytes()))
            .expect_err("a refusal")
            .code
    }

    #[test]
    fn a_good_form_is_taken() {
        let request = MessageRequest::parse(&FormFields::parse(GOOD.as_bytes())).expect("valid");
        assert_eq!(request.to, "+14155550162");
        assert_eq!(request.body, "Hello");
    }

    #[test]
    fn what_is_wrong_gets_twilios_code() {
        let long = format!(
            "To=%2B14155550162&From=%2B14155550134&Body={}",
            "a".repeat(1_601)
        );
        let media = format!("{GOOD}{}", "&MediaUrl=https%3A%2F%2Fexample.com".repeat(11));
        for (form, code) in [
            ("From=%2B14155550134&Body=x", 21604),
            ("To=%2B14155550162&Body=x", 21603),
            ("To=%2B14155550162&From=%2B14155550134", 21619),
            ("To=123&From=%2B14155550134&Body=x", 21211),
            (long.as_str(), 21617),
            (media.as_str(), 21623),
            (
                "To=%2B14155550162&From=%2B14155550134&MediaUrl=nonsense",
                21620,
            ),
            (
                "To=%2B14155550162&From=x&Body=x&StatusCallback=http%3A%2F%2Fa_b.example%2F",
                21609,
            ),
            (
                "To=%2B14155550162&From=x&Body=x&SendAt=2030-01-01T00%3A00%3A00Z",
                20001,
            ),
        ] {
            assert_eq!(code_of(form), code, "{form}");
        }
    }
}
