use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    bases::ids::{AccountChangeId, PhoneNumberId},
    twilio::MaskedSid,
};

use crate::bases::json_object::json_objects;

/// What Loquent can change in a Twilio account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountChangeKind {
    SinkCreated,
    SinkValidated,
    SinkRemoved,
    SubscriptionCreated,
    SubscriptionRemoved,
    EventTypeAdded,
    EventTypeVersionSet,
    EventTypeRemoved,
    VoiceUrlSet,
    VoiceUrlRestored,
    SmsUrlSet,
    SmsUrlRestored,
    /// Values of a number that had drifted were set to ours again.
    NumberRepaired,
    NumberRenamed,
    NumberBought,
    NumberReleased,
}

/// What happens to a thing at Twilio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeVerb {
    Create,
    Change,
    Remove,
}

/// One value at Twilio, before and after. An empty text is a value that is not set; none means
/// that the thing itself is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ValueChange {
    /// Twilio's name of it, for example `voice_url`.
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// The text names no kind or state of an account change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind or state of an account change {0:?}")]
pub struct AccountChangeWordError(String);

impl AccountChangeKind {
    /// All kinds, with their names in the database.
    const NAMES: [(Self, &str); 16] = [
        (Self::SinkCreated, "sink_created"),
        (Self::SinkValidated, "sink_validated"),
        (Self::SinkRemoved, "sink_removed"),
        (Self::SubscriptionCreated, "subscription_created"),
        (Self::SubscriptionRemoved, "subscription_removed"),
        (Self::EventTypeAdded, "event_type_added"),
        (Self::EventTypeVersionSet, "event_type_version_set"),
        (Self::EventTypeRemoved, "event_type_removed"),
        (Self::VoiceUrlSet, "voice_url_set"),
        (Self::VoiceUrlRestored, "voice_url_restored"),
        (Self::SmsUrlSet, "sms_url_set"),
        (Self::SmsUrlRestored, "sms_url_restored"),
        (Self::NumberRepaired, "number_repaired"),
        (Self::NumberRenamed, "number_renamed"),
        (Self::NumberBought, "number_bought"),
        (Self::NumberReleased, "number_released"),
    ];

    /// The name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        let name = Self::NAMES.iter().find(|(kind, _)| *kind == self);
        name.map_or("", |(_, name)| name)
    }

    /// Whether it makes, changes or removes something.
    pub fn verb(self) -> ChangeVerb {
        match self {
            Self::SinkCreated
            | Self::SubscriptionCreated
            | Self::EventTypeAdded
            | Self::NumberBought => ChangeVerb::Create,
            Self::SinkRemoved
            | Self::SubscriptionRemoved
            | Self::EventTypeRemoved
            | Self::NumberReleased => ChangeVerb::Remove,
            Self::SinkValidated
            | Self::EventTypeVersionSet
            | Self::VoiceUrlSet
            | Self::VoiceUrlRestored
            | Self::SmsUrlSet
            | Self::SmsUrlRestored
            | Self::NumberRepaired
            | Self::NumberRenamed => ChangeVerb::Change,
        }
    }

    /// Whether there is a way back. Removing, restoring and validating have none: what was removed
    /// is set up again as something new.
    pub fn can_be_undone(self) -> bool {
        match self {
            Self::SinkCreated
            | Self::SubscriptionCreated
            | Self::EventTypeAdded
            | Self::EventTypeVersionSet
            | Self::VoiceUrlSet
            | Self::SmsUrlSet
            | Self::NumberRepaired
            | Self::NumberRenamed => true,
            // Buying is undone by a release, which asks for a typed confirmation of its own.
            Self::NumberBought
            | Self::SinkValidated
            | Self::SinkRemoved
            | Self::SubscriptionRemoved
            | Self::EventTypeRemoved
            | Self::VoiceUrlRestored
            | Self::SmsUrlRestored
            | Self::NumberReleased => false,
        }
    }
}

impl FromStr for AccountChangeKind {
    type Err = AccountChangeWordError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let named = Self::NAMES.iter().find(|(_, name)| *name == raw);
        named
            .map(|(kind, _)| *kind)
            .ok_or_else(|| AccountChangeWordError(raw.to_owned()))
    }
}

/// How far a change has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountChangeState {
    /// Written down; the call is under way, or its answer was lost. It is settled by looking at
    /// Twilio before anything else is changed in the account.
    Pending,
    /// Twilio did it.
    Done,
    /// Twilio did not do it.
    Failed,
}

impl AccountChangeState {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for AccountChangeState {
    type Err = AccountChangeWordError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        match raw {
            "pending" => Ok(Self::Pending),
            "done" => Ok(Self::Done),
            "failed" => Ok(Self::Failed),
            _ => Err(AccountChangeWordError(raw.to_owned())),
        }
    }
}

/// A line of the account activity: one change that Loquent made in a Twilio account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct AccountChange {
    pub id: AccountChangeId,
    pub kind: AccountChangeKind,
    pub state: AccountChangeState,
    pub account_sid: MaskedSid,
    /// Who asked for it; none if that person is gone.
    pub user_name: Option<String>,
    /// In plain words.
    pub summary: String,
    /// Twilio's path of the thing, for example `Sinks/DG…`.
    pub resource: String,
    /// The number that it is about, if it is about one.
    pub phone_number_id: Option<PhoneNumberId>,
    pub values: Vec<ValueChange>,
    /// Why it failed, or why it is not known whether it was done.
    pub error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub undone_at: Option<DateTime<Utc>>,
    /// The change that this one took back.
    pub undo_of: Option<AccountChangeId>,
    /// Whether Undo can be offered. It is still refused if somebody has changed the value since.
    pub can_undo: bool,
}

/// A stretch of the account activity, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct AccountChangePage {
    pub changes: Vec<AccountChange>,
    /// Pass as `before` to get older ones; null at the end.
    pub next_before: Option<String>,
}

/// What `POST /api/twilio/undo-account-change` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoAccountChangeIn {
    pub change_id: AccountChangeId,
    #[serde(flatten)]
    pub options: super::PlanOptions,
}

json_objects!(ValueChange, AccountChange, AccountChangePage);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_read_back_from_its_name_in_the_database_and_in_json() {
        for (kind, name) in AccountChangeKind::NAMES {
            assert_eq!(name.parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).ok(), Some(name.into()));
        }
    }
}
