use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{MonthlyPrice, PhoneNumber};
use crate::{
    bases::{e164::E164, ids::PhoneNumberId},
    mods::account::types::{AccountChange, PlanOptions, TwilioActionAnswer, TwilioPlan},
};

/// Which number to buy: the body of `POST /api/twilio/buy-phone-number`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuyPhoneNumberIn {
    /// Exactly as a search found it.
    pub phone_number: E164,
    /// What it is to be called; the number itself unless given.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// The same for every repetition of one wish: a click that is sent twice buys once. Without it
    /// the number itself is the key, until it is released.
    #[serde(default)]
    pub client_key: Option<Uuid>,
    #[serde(flatten)]
    pub options: PlanOptions,
}

/// What the purchase did or, with `dry_run`, would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuyPhoneNumberOut {
    pub dry_run: bool,
    pub plan: TwilioPlan,
    /// What was done, as it stands in the account activity; empty for a dry run.
    pub changes: Vec<AccountChange>,
    /// The number that was bought; none for a dry run.
    pub number: Option<PhoneNumber>,
    /// An earlier call had bought it: this one bought nothing.
    pub already_bought: bool,
    /// What Twilio charges, if it told us.
    pub monthly_price: Option<MonthlyPrice>,
}

/// Which number to release at Twilio: the body of `POST /api/twilio/release-phone-number`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasePhoneNumberIn {
    pub phone_number_id: PhoneNumberId,
    /// The number as the person typed it; it must be this number. Not needed with `dry_run`.
    #[serde(default)]
    pub confirm_number: Option<String>,
    #[serde(flatten)]
    pub options: PlanOptions,
}

/// Which number to remove from Loquent: the body of `POST /api/twilio/remove-phone-number`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovePhoneNumberIn {
    pub phone_number_id: PhoneNumberId,
}

/// Which number's webhook to set or to write back: the body of
/// `POST /api/twilio/{configure,restore}-phone-{voice,sms}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneWebhookIn {
    pub phone_number_id: PhoneNumberId,
    #[serde(flatten)]
    pub options: PlanOptions,
}

/// The answer of `configure-phone-voice` and `restore-phone-voice`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfiguredVoice {
    /// Where calls went before Loquent; none if there was nothing.
    pub previous_voice_url: Option<String>,
    pub dry_run: bool,
    pub plan: TwilioPlan,
    /// What was done, as it stands in the account activity; empty for a dry run.
    pub changes: Vec<AccountChange>,
}

/// The answer of `configure-phone-sms` and `restore-phone-sms`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfiguredSms {
    /// Where texts went before Loquent; none if there was nothing.
    pub previous_sms_url: Option<String>,
    pub dry_run: bool,
    pub plan: TwilioPlan,
    /// What was done, as it stands in the account activity; empty for a dry run.
    pub changes: Vec<AccountChange>,
}

/// What all actions answer, without what is an action's own. (Their fields are not flattened: the
/// browser would have to bring a second way to read plans and changes.)
macro_rules! into_action_answer {
    ($($answer:ty),+) => {$(
        impl From<$answer> for TwilioActionAnswer {
            fn from(answer: $answer) -> Self {
                Self { dry_run: answer.dry_run, plan: answer.plan, changes: answer.changes }
            }
        }
    )+};
}
into_action_answer!(BuyPhoneNumberOut, ConfiguredVoice, ConfiguredSms);
