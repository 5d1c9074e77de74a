use crate::mods::account::types::HealthReason;

/// The name of what is not as it should be; the finding itself explains it.
pub fn health_reason_words_util(reason: HealthReason) -> &'static str {
    match reason {
        HealthReason::NotConnected => "No Twilio account",
        HealthReason::CredentialsMissing => "Credentials are missing",
        HealthReason::WrongToken => "Wrong auth token",
        HealthReason::AccountSuspended => "The account is suspended",
        HealthReason::AccountClosed => "The account is closed",
        HealthReason::TrialAccount => "Trial account",
        HealthReason::SubAccount => "Sub-account",
        HealthReason::TwilioUnreachable => "Twilio cannot be reached",
        HealthReason::TwilioRefused => "Twilio refused to answer",
        HealthReason::PreviousTokenAccepted => "The old auth token is still accepted",
        HealthReason::SinkMissing => "No event sink",
        HealthReason::SinkUrlMismatch => "The event sink points elsewhere",
        HealthReason::SinkNotActive => "The event sink is not active",
        HealthReason::SinkDuplicated => "More than one event sink",
        HealthReason::SubscriptionMissing => "No subscription",
        HealthReason::EventTypesMissing => "Event types are missing",
        HealthReason::SchemaVersionOld => "An old version of events",
        HealthReason::NumberGone => "The number is gone",
        HealthReason::NumberOfOtherAccount => "The number is in another account",
        HealthReason::VoiceUrlNotSet => "Calls lead nowhere",
        HealthReason::VoiceUrlMismatch => "Calls go elsewhere",
        HealthReason::VoiceWrongMethod => "Calls come by the wrong method",
        HealthReason::VoiceOverriddenByApplication => "An application answers calls first",
        HealthReason::VoiceOverriddenByTrunk => "A trunk answers calls first",
        HealthReason::SmsUrlNotSet => "Texts lead nowhere",
        HealthReason::SmsUrlMismatch => "Texts go elsewhere",
        HealthReason::SmsWrongMethod => "Texts come by the wrong method",
        HealthReason::SmsOverriddenByApplication => "An application gets texts first",
        HealthReason::SmsOverriddenByMessagingService => "A Messaging Service gets texts first",
        HealthReason::StatusCallbackNotSet => "The status callback is not set",
        HealthReason::StatusCallbackMismatch => "The status callback points elsewhere",
        HealthReason::StatusCallbackWrongMethod => "The status callback has the wrong method",
    }
}
