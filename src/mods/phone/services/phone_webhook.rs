//! A webhook of a number: its names, addresses and words.

use super::actions::NumberChange;
use crate::{
    bases::state::AppState,
    entities::{phone_number, states::AccountChangeKind},
    mods::{
        account::types::TwilioActionAnswer,
        phone::types::{ConfiguredSms, ConfiguredVoice},
    },
    twilio::TwilioNumber,
};

/// Which of a number's webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneWebhook {
    /// Asked what to do with a call.
    Voice,
    /// Told of a text.
    Sms,
}

/// The result of a webhook call, or of its dry run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookAnswer {
    pub action: TwilioActionAnswer,
    /// What stands in the number's row as the previous URL; none where there was nothing.
    pub previous_url: Option<String>,
}

impl From<WebhookAnswer> for ConfiguredVoice {
    fn from(answer: WebhookAnswer) -> Self {
        Self {
            previous_voice_url: answer.previous_url,
            dry_run: answer.action.dry_run,
            plan: answer.action.plan,
            changes: answer.action.changes,
        }
    }
}

impl From<WebhookAnswer> for ConfiguredSms {
    fn from(answer: WebhookAnswer) -> Self {
        Self {
            previous_sms_url: answer.previous_url,
            dry_run: answer.action.dry_run,
            plan: answer.action.plan,
            changes: answer.action.changes,
        }
    }
}

impl PhoneWebhook {
    /// Twilio's name of the URL.
    pub(super) fn url_name(self) -> &'static str {
        match self {
            Self::Voice => "voice_url",
            Self::Sms => "sms_url",
        }
    }

    /// Twilio's name of its method.
    pub(super) fn method_name(self) -> &'static str {
        match self {
            Self::Voice => "voice_method",
            Self::Sms => "sms_method",
        }
    }

    /// Loquent's address.
    pub(super) fn ours(self, state: &AppState) -> String {
        match self {
            Self::Voice => state.config.voice_url(),
            Self::Sms => state.config.sms_incoming_url(),
        }
    }

    /// What was there before, as the row keeps it.
    pub(super) fn previous(self, row: &phone_number::Model) -> Option<&str> {
        match self {
            Self::Voice => row.previous_voice_url.as_deref(),
            Self::Sms => row.previous_sms_url.as_deref(),
        }
    }

    /// The kind of change that sets it.
    pub(super) fn set_kind(self) -> AccountChangeKind {
        match self {
            Self::Voice => AccountChangeKind::VoiceUrlSet,
            Self::Sms => AccountChangeKind::SmsUrlSet,
        }
    }

    /// For people.
    pub(super) fn what(self) -> (&'static str, &'static str) {
        match self {
            Self::Voice => ("voice URL", "Calls"),
            Self::Sms => ("SMS URL", "Texts"),
        }
    }

    /// What setting it is, for the ledger.
    pub(super) fn to_set(self) -> NumberChange {
        match self {
            Self::Voice => NumberChange::SetVoice,
            Self::Sms => NumberChange::SetSms,
        }
    }

    /// The same for restoring it.
    pub(super) fn to_restore(self) -> NumberChange {
        match self {
            Self::Voice => NumberChange::RestoreVoice,
            Self::Sms => NumberChange::RestoreSms,
        }
    }

    /// What stays, for the plan.
    pub(super) fn untouched(self) -> Vec<String> {
        vec![match self {
            Self::Voice => "Its SMS URL, and your other numbers, stay as they are.".to_owned(),
            Self::Sms => "Its voice URL, and your other numbers, stay as they are.".to_owned(),
        }]
    }

    /// What to know before it is set.
    pub(super) fn warnings(self, there: &TwilioNumber, ours: &str) -> Vec<String> {
        let (_, things) = self.what();
        let present = there.setting(self.url_name());
        let mut warnings = Vec::new();
        if !present.is_empty() && present != ours {
            warnings.push(format!(
                "{things} that go to {present} now will go to Loquent."
            ));
        }
        // https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource: with a trunk or
        // an application the URLs are ignored.
        let in_the_way = match self {
            Self::Voice => [
                ("trunk_sid", "A SIP trunk"),
                ("voice_application_sid", "A TwiML application"),
            ]
            .as_slice(),
            Self::Sms => [("sms_application_sid", "A TwiML application")].as_slice(),
        };
        for (name, who) in in_the_way {
            if !there.setting(name).is_empty() {
                warnings.push(format!(
                    "{who} of this number answers first: {} will not reach Loquent until it is \
                 removed in the Twilio Console.",
                    things.to_lowercase()
                ));
            }
        }
        warnings
    }

    /// What it means to restore an empty URL.
    pub(super) fn nobody(self) -> String {
        match self {
            Self::Voice => {
                "There was no voice URL before, so callers will hear a Twilio error.".to_owned()
            }
            Self::Sms => "There was no SMS URL before, so texts will come only by event \
                              forwarding."
                .to_owned(),
        }
    }
}
