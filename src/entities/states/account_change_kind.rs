use serde::{Deserialize, Serialize};

use super::define_state::define_state;

define_state! {
    what: "a kind of an account change";
    /// What Loquent can change in a Twilio account.
    AccountChangeKind {
        SinkCreated = "sink_created",
        SinkValidated = "sink_validated",
        SinkRemoved = "sink_removed",
        SubscriptionCreated = "subscription_created",
        SubscriptionRemoved = "subscription_removed",
        EventTypeAdded = "event_type_added",
        EventTypeVersionSet = "event_type_version_set",
        EventTypeRemoved = "event_type_removed",
        VoiceUrlSet = "voice_url_set",
        VoiceUrlRestored = "voice_url_restored",
        SmsUrlSet = "sms_url_set",
        SmsUrlRestored = "sms_url_restored",
        /// Values of a number that had drifted were set to ours again.
        NumberRepaired = "number_repaired",
        NumberRenamed = "number_renamed",
        NumberBought = "number_bought",
        NumberReleased = "number_released",
    }
}

/// What happens to a thing at Twilio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeVerb {
    Create,
    Change,
    Remove,
}

impl AccountChangeKind {
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
