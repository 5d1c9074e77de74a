use secrecy::SecretString;

use super::reader::Reader;

/// Twilio's REST API.
const API_BASE_URL: &str = "https://api.twilio.com";
/// Twilio's Events API.
const EVENTS_BASE_URL: &str = "https://events.twilio.com";
/// Twilio's Messaging API.
const MESSAGING_BASE_URL: &str = "https://messaging.twilio.com";
/// Twilio's API of prices.
const PRICING_BASE_URL: &str = "https://pricing.twilio.com";

/// The Twilio account that Loquent's operator shares with organizations.
#[derive(Debug, Clone)]
pub struct SharedTwilioAccount {
    pub account_sid: String,
    pub auth_token: SecretString,
    /// `TWILIO_AUTH_TOKEN_PREVIOUS`: still accepted in signatures during a rotation.
    pub previous_auth_token: Option<SecretString>,
}

impl SharedTwilioAccount {
    /// The account, if one is set.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let account = Self::checked(reader);
        reader.keep(account).flatten()
    }

    fn checked(reader: &Reader<'_>) -> Result<Option<Self>, String> {
        let (sid, token) = (
            reader.text("TWILIO_ACCOUNT_SID"),
            reader.secret("TWILIO_AUTH_TOKEN"),
        );
        match (sid, token) {
            (None, None) => Ok(None),
            (Some(account_sid), Some(_)) if !is_account_sid(&account_sid) => {
                Err("TWILIO_ACCOUNT_SID must be AC and 32 hexadecimal digits".to_owned())
            }
            (Some(account_sid), Some(auth_token)) => Ok(Some(Self {
                account_sid,
                auth_token,
                previous_auth_token: reader.secret("TWILIO_AUTH_TOKEN_PREVIOUS"),
            })),
            (Some(_), None) => {
                Err("TWILIO_ACCOUNT_SID is set, but TWILIO_AUTH_TOKEN is not".to_owned())
            }
            (None, Some(_)) => {
                Err("TWILIO_AUTH_TOKEN is set, but TWILIO_ACCOUNT_SID is not".to_owned())
            }
        }
    }
}

/// Where Twilio's APIs are.
pub(super) struct TwilioUrls {
    pub api: String,
    pub events: String,
    pub messaging: String,
    pub pricing: String,
}

impl TwilioUrls {
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let api = reader.base_url("TWILIO_API_BASE_URL", API_BASE_URL);
        let events = reader.base_url("TWILIO_EVENTS_BASE_URL", EVENTS_BASE_URL);
        // Whoever stands in for Twilio's API stands in for these too.
        let stand_in = reader.text("TWILIO_API_BASE_URL");
        let mut url = |name: &str, own: &str| {
            let default = stand_in.as_deref().unwrap_or(own);
            reader.base_url(name, default)
        };
        let messaging = url("TWILIO_MESSAGING_BASE_URL", MESSAGING_BASE_URL);
        let pricing = url("TWILIO_PRICING_BASE_URL", PRICING_BASE_URL);
        Self {
            api,
            events,
            messaging,
            pricing,
        }
    }
}

/// Whether the text has the form of an account's SID: `AC` and 32 hexadecimal digits.
pub fn is_account_sid(sid: &str) -> bool {
    sid.strip_prefix("AC")
        .is_some_and(|hex| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}
