use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::PhoneNumber;
use crate::bases::{e164::E164, ids::PhoneNumberId};

/// Which number to buy: the body of `POST /api/twilio/buy-phone-number`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuyPhoneNumberIn {
    /// Exactly as a search found it.
    pub phone_number: E164,
    /// What it is to be called; the number itself unless given.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// The same for every repetition of one wish: a click that is sent twice buys once. Without it
    /// the number itself is the key.
    #[serde(default)]
    pub client_key: Option<Uuid>,
    /// Only say what would be done.
    #[serde(default)]
    pub dry_run: bool,
}

/// A number that was bought, or had been bought by an earlier call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoughtNumber {
    pub number: PhoneNumber,
    /// An earlier call had bought it: this one bought nothing.
    pub already_bought: bool,
}

/// Which number to give back to Twilio: the body of `POST /api/twilio/release-phone-number`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasePhoneNumberIn {
    pub phone_number_id: PhoneNumberId,
    /// The number as the person typed it; it must be this number. Not needed with `dry_run`.
    #[serde(default)]
    pub confirm_number: Option<String>,
    /// Only say what would be done.
    #[serde(default)]
    pub dry_run: bool,
}

/// Which number's webhook to set or to write back: the body of
/// `POST /api/twilio/{configure,restore}-phone-{voice,sms}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneWebhookIn {
    pub phone_number_id: PhoneNumberId,
    /// Only say what would be done.
    #[serde(default)]
    pub dry_run: bool,
}

/// The answer of `configure-phone-voice`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfiguredVoice {
    /// What calls led to before; none if there was nothing.
    pub previous_voice_url: Option<String>,
}

/// The answer of `configure-phone-sms`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfiguredSms {
    /// What texts led to before; none if there was nothing.
    pub previous_sms_url: Option<String>,
}
