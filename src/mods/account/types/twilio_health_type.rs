use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{EventForwarding, PlanOptions, TwilioAccountFacts};
use crate::bases::{e164::E164, ids::PhoneNumberId, json_object::json_objects};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthSeverity {
    /// Good to know.
    Info,
    /// It works, but not as it should.
    Warning,
    /// Texts or calls are missed, or cannot be sent.
    Problem,
}

/// What is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthReason {
    // The account.
    NotConnected,
    CredentialsMissing,
    WrongToken,
    AccountSuspended,
    AccountClosed,
    TrialAccount,
    SubAccount,
    TwilioUnreachable,
    TwilioRefused,
    /// A rotation was begun and the old token was not dropped.
    PreviousTokenAccepted,
    // Event forwarding.
    SinkMissing,
    /// A sink that Loquent made points to an address that is no longer Loquent's.
    SinkUrlMismatch,
    SinkNotActive,
    /// More than one sink points to Loquent: events come twice and are stored once.
    SinkDuplicated,
    SubscriptionMissing,
    EventTypesMissing,
    SchemaVersionOld,
    // A number.
    NumberGone,
    NumberOfOtherAccount,
    VoiceUrlNotSet,
    VoiceUrlMismatch,
    VoiceWrongMethod,
    VoiceOverriddenByApplication,
    VoiceOverriddenByTrunk,
    SmsUrlNotSet,
    SmsUrlMismatch,
    SmsWrongMethod,
    SmsOverriddenByApplication,
    SmsOverriddenByMessagingService,
    StatusCallbackNotSet,
    StatusCallbackMismatch,
    StatusCallbackWrongMethod,
}

impl HealthReason {
    /// Whether it is about the account itself, as opposed to events or a number.
    pub fn is_of_account(self) -> bool {
        matches!(
            self,
            Self::NotConnected
                | Self::CredentialsMissing
                | Self::WrongToken
                | Self::AccountSuspended
                | Self::AccountClosed
                | Self::TrialAccount
                | Self::SubAccount
                | Self::TwilioUnreachable
                | Self::TwilioRefused
                | Self::PreviousTokenAccepted
        )
    }
}

/// What would put it right. Each but `Reconnect` has a plan, which is shown before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthFix {
    /// Connect the account (again): `POST /api/twilio/connect`.
    Reconnect,
    /// `POST /api/twilio/drop-previous-token`
    DropPreviousToken,
    /// `POST /api/twilio/setup-event-sink`
    SetupEventSink,
    /// `POST /api/twilio/repair-phone-number`: sets what Loquent had set again, or takes a number
    /// that is gone out of use.
    RepairPhoneNumber,
}

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct HealthFinding {
    pub reason: HealthReason,
    pub severity: HealthSeverity,
    /// In plain words, with what to do where there is no fix.
    pub message: String,
    pub expected: Option<String>,
    pub found: Option<String>,
    pub fix: Option<HealthFix>,
}

/// A number as Twilio has it, with what is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct NumberHealth {
    pub phone_number_id: PhoneNumberId,
    pub number: E164,
    pub friendly_name: String,
    /// Where Twilio asks what to do with a call; empty if nowhere. None if the number is gone.
    pub voice_url: Option<String>,
    pub sms_url: Option<String>,
    pub status_callback: Option<String>,
    /// The application, trunk or Messaging Service that Twilio asks instead.
    pub voice_overridden_by: Option<String>,
    pub sms_overridden_by: Option<String>,
    /// Loquent has set the voice URL (or SMS URL), and it was not restored.
    pub voice_is_ours: bool,
    pub sms_is_ours: bool,
    pub findings: Vec<HealthFinding>,
}

/// All that was found at one look at an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct TwilioHealth {
    /// None before the first look.
    pub checked_at: Option<DateTime<Utc>>,
    /// How long the look took, in milliseconds.
    pub took_ms: u64,
    pub account: Option<TwilioAccountFacts>,
    pub forwarding: EventForwarding,
    /// Of the account and of event forwarding.
    pub findings: Vec<HealthFinding>,
    pub numbers: Vec<NumberHealth>,
}

impl TwilioHealth {
    /// Before the first check; events are to go to `destination`.
    pub fn unknown(destination: String) -> Self {
        Self {
            checked_at: None,
            took_ms: 0,
            account: None,
            forwarding: EventForwarding::unknown(destination),
            findings: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// Number of findings that need action: all but informational ones.
    pub fn attention_count(&self) -> usize {
        let of_numbers = self.numbers.iter().flat_map(|number| &number.findings);
        let all = self.findings.iter().chain(of_numbers);
        all.filter(|finding| finding.severity > HealthSeverity::Info)
            .count()
    }
}

/// What `POST /api/twilio/repair-phone-number` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairPhoneNumberIn {
    pub phone_number_id: PhoneNumberId,
    #[serde(flatten)]
    pub options: PlanOptions,
}

json_objects!(HealthFinding, NumberHealth, TwilioHealth);
