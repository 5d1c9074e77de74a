use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};

use crate::control::ControlError;
use crate::model::{NumberSettings, Sid, SidPrefix};
use crate::simulation::Simulation;
use crate::wire::{normalize_phone_number, sign_form_request, sign_url, with_query};

/// Twilio's time for a voice webhook to answer.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Longest answer that is shown, in bytes; Twilio's limit of TwiML is 64 kB.
const MAX_ANSWER: usize = 64 * 1024;

/// A customer's phone calls a number of an account.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerCall {
    /// The customer.
    pub from: String,
    /// The account's number.
    pub to: String,
}

/// What a call is met by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CallReceiver {
    /// A SIP trunk: it wins over all others.
    Trunk,
    /// A TwiML application: it wins over the voice URL.
    Application,
    /// The voice URL.
    Webhook,
    /// Nobody: the caller hears an error of Twilio's.
    Nobody,
}

impl CallReceiver {
    fn by_settings(settings: &NumberSettings) -> Self {
        let is_set = |name| !settings.get(name).is_empty();
        if is_set("trunk_sid") {
            Self::Trunk
        } else if is_set("voice_application_sid") {
            Self::Application
        } else if is_set("voice_url") {
            Self::Webhook
        } else {
            Self::Nobody
        }
    }
}

/// How a call began.
#[derive(Debug, Clone, Serialize)]
pub struct CallOutcome {
    /// `CA…`
    pub sid: Sid,
    /// What met it.
    pub received_by: CallReceiver,
    /// Where the webhook is, if it was asked.
    pub url: Option<String>,
    /// The status that it answered with; none without an answer.
    pub http_status: Option<u16>,
    /// Its answer: TwiML.
    pub twiml: String,
}

impl Simulation {
    /// A customer calls: the number's voice URL is asked, signed as Twilio does, for what to do.
    ///
    /// # Errors
    /// A number is not valid, or no account has `to`.
    pub async fn call_as_customer(&self, call: CustomerCall) -> Result<CallOutcome, ControlError> {
        let number = |name: &str, given: &str| {
            normalize_phone_number(given).ok_or_else(|| ControlError::no_phone_number(name, given))
        };
        let (from, to) = (number("from", &call.from)?, number("to", &call.to)?);
        let (account_sid, token, settings) = {
            let state = self.state();
            let owner = state
                .owner_of(&to)
                .ok_or_else(|| ControlError::NotFound(format!("{to} belongs to no account")))?;
            let settings = owner.phone_number(&to).map(|one| one.settings.clone());
            (
                owner.account.sid.clone(),
                owner.account.auth_token.clone(),
                settings.unwrap_or_default(),
            )
        };
        let mut outcome = CallOutcome {
            sid: Sid::generate(SidPrefix::Call),
            received_by: CallReceiver::by_settings(&settings),
            url: None,
            http_status: None,
            twiml: String::new(),
        };
        if outcome.received_by != CallReceiver::Webhook {
            return Ok(outcome);
        }
        let form = [
            ("CallSid", outcome.sid.as_str()),
            ("AccountSid", account_sid.as_str()),
            ("From", &from),
            ("Caller", &from),
            ("To", &to),
            ("Called", &to),
            ("CallStatus", "ringing"),
            ("Direction", "inbound"),
            ("ApiVersion", "2010-04-01"),
        ];
        let request = self.voice_request(&settings, &token, &form);
        if let Ok(answer) = request.timeout(TIMEOUT).send().await {
            outcome.http_status = Some(answer.status().as_u16());
            outcome.twiml = answer.text().await.unwrap_or_default();
            outcome
                .twiml
                .truncate(outcome.twiml.floor_char_boundary(MAX_ANSWER));
        }
        outcome.url = Some(settings.get("voice_url").to_owned());
        Ok(outcome)
    }

    /// The signed request to a number's voice URL.
    fn voice_request(
        &self,
        settings: &NumberSettings,
        token: &str,
        form: &[(&str, &str)],
    ) -> reqwest::RequestBuilder {
        let (url, form) = (settings.get("voice_url"), form.iter().copied());
        if settings.is_get("voice_method") {
            let url = with_query(url, form);
            let signature = sign_url(token, &url);
            return self.http.get(url).header("X-Twilio-Signature", signature);
        }
        let signature = sign_form_request(token, url, form.clone());
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let content_type = "application/x-www-form-urlencoded; charset=UTF-8";
        self.http
            .post(url)
            .header("X-Twilio-Signature", signature)
            .header(CONTENT_TYPE, content_type)
            .body(body)
    }
}
